/**
 * The GGUF format, versions 2 and 3. Entry types: {@link io.rackmark.model.gguf.GgufFile} (reader)
 * and {@link io.rackmark.model.gguf.GgufWriter}. Files are untrusted: every length is checked
 * before it is used. What is read and written stands in COVERAGE.md beside this file.
 */
@NullMarked
package io.rackmark.model.gguf;

import org.jspecify.annotations.NullMarked;
