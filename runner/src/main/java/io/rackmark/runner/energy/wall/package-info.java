/**
 * Logs of a meter at the plug: read from CSV, aligned by time with the cells of a run. Entry types:
 * {@link io.rackmark.runner.energy.wall.WallCsv} and {@link
 * io.rackmark.runner.energy.wall.WallImport}. The file is a stranger's: every fault is told with
 * its line.
 */
@NullMarked
package io.rackmark.runner.energy.wall;

import org.jspecify.annotations.NullMarked;
