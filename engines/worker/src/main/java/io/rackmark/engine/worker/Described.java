package io.rackmark.engine.worker;

import io.rackmark.engine.Availability;
import io.rackmark.engine.EngineDescription;

/** What the engine is, and whether it can run here with the options given. */
public record Described(EngineDescription description, Availability availability) {}
