/**
 * Models on disk: where they are, what they contain, whether they are sound. Entry types: {@link
 * io.rackmark.model.Catalogue} (name or path to a model) and {@link io.rackmark.model.Checkpoint}
 * (a Hugging Face directory, the single source of every derived form). File formats live in the
 * sub-packages, one each; every failure is a {@link io.rackmark.model.ModelException}.
 */
@NullMarked
package io.rackmark.model;

import org.jspecify.annotations.NullMarked;
