/**
 * ONNX Runtime, through its official Java API and, where inputs and outputs are bound, its C API.
 * Entry type: {@link io.rackmark.engine.onnxruntime.OnnxRuntimeProvider}. A {@code Target} says
 * what computes and how it is fed; how keys and values outlive a run is the business of a {@code
 * Sequences}, and where they lie that of a {@code RowMemory}.
 */
@NullMarked
package io.rackmark.engine.onnxruntime;

import org.jspecify.annotations.NullMarked;
