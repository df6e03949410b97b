/** Real child processes with a scripted engine: {@link io.rackmark.engine.worker.TimedProvider}. */
@NullMarked
package io.rackmark.engine.worker;

import org.jspecify.annotations.NullMarked;
