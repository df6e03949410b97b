/**
 * Fetches models into the {@link io.rackmark.model.ModelStore}. Entry type: {@link
 * io.rackmark.model.pull.Puller}. A {@link io.rackmark.model.pull.PullSource} says which files
 * there are and supplies their bytes; everything it says is untrusted until {@link
 * io.rackmark.model.pull.FileNames}, {@link io.rackmark.model.pull.ListingReader} and {@link
 * io.rackmark.model.pull.PartFile} have checked it. The token lives in {@link
 * io.rackmark.model.pull.HubClient} alone and is neither logged nor stored.
 */
@NullMarked
package io.rackmark.model.pull;

import org.jspecify.annotations.NullMarked;
