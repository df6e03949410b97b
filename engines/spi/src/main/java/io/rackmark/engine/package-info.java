/**
 * What an engine is. Entry type: {@link io.rackmark.engine.EngineProvider}. Everything here speaks
 * text, token ids and events; tensors stay inside each engine. This module depends on nothing but
 * JSpecify, and every other module may depend on it.
 */
@NullMarked
package io.rackmark.engine;

import org.jspecify.annotations.NullMarked;
