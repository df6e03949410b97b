/**
 * ONNX Runtime's C API by {@code java.lang.foreign}, as far as its Java API has no word for it:
 * inputs and outputs bound to memory of a device, and which provider a node was given to. Entry
 * types: {@link io.rackmark.engine.onnxruntime.binding.OrtApi}, the function table of one version,
 * and {@link io.rackmark.engine.onnxruntime.binding.NativeSession}, a session of the Java API seen
 * through it. Every status that a function answers becomes an {@link ai.onnxruntime.OrtException}.
 */
@NullMarked
package io.rackmark.engine.onnxruntime.binding;

import org.jspecify.annotations.NullMarked;
