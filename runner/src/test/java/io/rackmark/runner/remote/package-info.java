@NullMarked
package io.rackmark.runner.remote;

import org.jspecify.annotations.NullMarked;
