/**
 * Derives other model forms from a checkpoint. Entry type: {@link
 * io.rackmark.model.convert.ConversionCache}, which derives once and hands the file out again. A
 * further model family is a new tensor table and metadata writer beside the Llama ones.
 */
@NullMarked
package io.rackmark.model.convert;

import org.jspecify.annotations.NullMarked;
