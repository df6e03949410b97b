package io.rackmark.runner.serve;

import io.rackmark.engine.GenerationRequest;

/**
 * What a client asks for.
 *
 * @param chat whether the answer is one of chat-completions
 * @param stream whether the answer comes in pieces
 * @param usage whether the last piece tells the tokens
 */
record ApiRequest(GenerationRequest generation, boolean chat, boolean stream, boolean usage) {}
