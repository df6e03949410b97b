/**
 * The command line. Entry type: {@link io.rackmark.runner.cli.Main}. A command parses, calls and
 * prints; whatever it calls returns a record.
 */
@NullMarked
package io.rackmark.runner.cli;

import org.jspecify.annotations.NullMarked;
