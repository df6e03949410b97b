package io.rackmark.runner.run;

import io.rackmark.engine.Availability;
import io.rackmark.engine.EngineDescription;

/**
 * An installed engine and whether it can run here.
 *
 * @param description what it is
 * @param availability with the options it was asked with
 */
public record EngineReport(EngineDescription description, Availability availability) {}
