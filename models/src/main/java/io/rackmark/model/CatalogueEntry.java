package io.rackmark.model;

import java.util.Optional;

/**
 * A model known by name.
 *
 * @param id on the hub; empty for the model that is part of the installation
 * @param parameters weights in all; a tied output matrix counts once
 * @param licence the SPDX identifier, or the hub's own word where there is none
 * @param gated whether the hub asks for consent to the licence first
 * @param runs where it can run
 * @param description one line of at most {@value #MOST_DESCRIPTION} characters
 */
public record CatalogueEntry(
        String name,
        Optional<ModelId> id,
        long parameters,
        String licence,
        boolean gated,
        Runs runs,
        String description) {
    /** So that the table of {@code models list} fits a terminal. */
    static final int MOST_DESCRIPTION = 32;

    public CatalogueEntry {
        if (parameters <= 0 || description.length() > MOST_DESCRIPTION) {
            throw new IllegalArgumentException("catalogue entry " + name);
        }
    }

    /** Where a model can run. */
    public enum Runs {
        /** On every in-process engine, in the forms derived from the checkpoint; and on servers. */
        IN_PROCESS,
        /** Only on a server that knows the architecture: vLLM, SGLang, llama-server. */
        SERVER
    }
}
