@NullMarked
package io.rackmark.engine.remote.arrival;

import org.jspecify.annotations.NullMarked;
