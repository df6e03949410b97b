/**
 * Local servers as processes of ours: started in a session of their own on a free loopback port,
 * waited for, looked at, and always stopped. What a server is called with is data in {@code
 * presets.yaml}. Entry types: {@link io.rackmark.runner.server.ServerSpec}, {@link
 * io.rackmark.runner.server.ManagedServer}.
 */
@NullMarked
package io.rackmark.runner.server;

import org.jspecify.annotations.NullMarked;
