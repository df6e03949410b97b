/**
 * Checkpoints with random weights in the shape of open models, for speed, memory and energy without
 * a download. Entry type: {@link io.rackmark.model.synth.Synthesizer}; the shapes are data in
 * {@code shapes.json}, each a {@code config.json} of its own.
 */
@NullMarked
package io.rackmark.model.synth;

import org.jspecify.annotations.NullMarked;
