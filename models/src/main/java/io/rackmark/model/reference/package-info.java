/**
 * The arithmetic of a checkpoint in plain Java, slow and exact: what engines are held against.
 * Entry type: {@link io.rackmark.model.reference.ReferenceModel}. Shares nothing with any engine.
 */
@NullMarked
package io.rackmark.model.reference;

import org.jspecify.annotations.NullMarked;
