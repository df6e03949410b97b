/**
 * Energy and power: meters, their sampling beside a cell, and joules over a window. Entry types:
 * {@link io.rackmark.runner.energy.EnergyMetering} for measuring, {@link
 * io.rackmark.runner.energy.WindowEnergy} for the arithmetic. A new source is a {@link
 * io.rackmark.runner.energy.Meter}, a finder in {@code Meters} and its line in docs/methodology.md.
 */
@NullMarked
package io.rackmark.runner.energy;

import org.jspecify.annotations.NullMarked;
