/**
 * What every engine is tested with. Entry type: {@link io.rackmark.engine.testkit.EngineContract},
 * implemented by one test class per engine; {@link io.rackmark.engine.testkit.ScriptedEngine} is an
 * engine whose every token time is known, so that whatever measures engines can be tested exactly.
 */
@NullMarked
package io.rackmark.engine.testkit;

import org.jspecify.annotations.NullMarked;
