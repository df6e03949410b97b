@NullMarked
package io.rackmark.engine.remote;

import org.jspecify.annotations.NullMarked;
