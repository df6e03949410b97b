package io.rackmark.model.pull;

import java.util.List;
import java.util.Optional;

/**
 * What a source says of a model.
 *
 * @param commit empty when the source names none
 * @param licence as the hub states it
 * @param gated whether the hub asks for consent to the licence first
 */
public record HubListing(
        String commit, Optional<String> licence, boolean gated, List<HubFile> files) {
    public HubListing {
        files = List.copyOf(files);
    }
}
