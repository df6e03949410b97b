package io.rackmark.model.gguf;

import java.util.Map;

/** {@code gguf_header_t} and the tensor table, checked. */
record GgufHeader(int version, Map<String, GgufValue> metadata, Map<String, GgufTensor> tensors) {}
