/**
 * llama.cpp, called through {@code java.lang.foreign} on its C API. Entry type: {@link
 * io.rackmark.engine.llamacpp.LlamaCppProvider}. A new llama.cpp tag gets one more implementation
 * of {@link io.rackmark.engine.llamacpp.LlamaAbi}; nothing else knows struct offsets.
 */
@NullMarked
package io.rackmark.engine.llamacpp;

import org.jspecify.annotations.NullMarked;
