/**
 * Derives other model forms from a checkpoint. Entry type: {@link
 * io.rackmark.model.convert.ConversionCache}, which derives once and hands the file out again. A
 * further model family is an entry in GgufArchitecture and, where it differs, in LlamaTensors.
 */
@NullMarked
package io.rackmark.model.convert;

import org.jspecify.annotations.NullMarked;
