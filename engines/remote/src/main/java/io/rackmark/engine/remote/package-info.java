/**
 * OpenAI-compatible endpoints over HTTP, with a time for every event that arrives. Entry type:
 * {@link io.rackmark.engine.remote.RemoteClient}. Whatever a server does ends in a {@link
 * io.rackmark.engine.remote.RemoteResult}; nothing here waits and asks again, that is the caller's.
 */
@NullMarked
package io.rackmark.engine.remote;

import org.jspecify.annotations.NullMarked;
