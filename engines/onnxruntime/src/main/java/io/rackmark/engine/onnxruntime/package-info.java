/**
 * ONNX Runtime, through its official Java API. Entry type: {@link
 * io.rackmark.engine.onnxruntime.OnnxRuntimeProvider}. How keys and values outlive a run is the
 * business of a {@code Sequences}; a provider other than the CPU's would come with one of its own.
 */
@NullMarked
package io.rackmark.engine.onnxruntime;

import org.jspecify.annotations.NullMarked;
