/**
 * The safetensors format. Entry type: {@link io.rackmark.model.safetensors.SafetensorsFile}. Files
 * are untrusted: every length is checked before it is used. What is read and written stands in
 * COVERAGE.md beside this file.
 */
@NullMarked
package io.rackmark.model.safetensors;

import org.jspecify.annotations.NullMarked;
