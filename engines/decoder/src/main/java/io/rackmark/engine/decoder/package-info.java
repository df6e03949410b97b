/**
 * The runtime that all in-process engines share, so that they differ in nothing but the
 * mathematics: tokenizer, chat template, sampler, KV slots and the batching scheduler. Entry type:
 * {@link io.rackmark.engine.decoder.Decoder}; an engine supplies a {@link
 * io.rackmark.engine.decoder.TokenModel}.
 */
@NullMarked
package io.rackmark.engine.decoder;

import org.jspecify.annotations.NullMarked;
