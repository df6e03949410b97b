/**
 * Sockets that know when their bytes arrived, however late they are read. Entry type: {@link
 * io.rackmark.engine.remote.arrival.ArrivalSockets}. Nothing here knows HTTP.
 */
@NullMarked
package io.rackmark.engine.remote.arrival;

import org.jspecify.annotations.NullMarked;
