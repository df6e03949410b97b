/**
 * Keeps an answer to a form, byte by byte: which tokens may come next. Entry type: {@link
 * io.rackmark.engine.decoder.grammar.Grammars}. A grammar is an expression ({@link
 * io.rackmark.engine.decoder.grammar.Expr}) whose derivatives by a byte (Brzozowski, 1964) become
 * the states of an automaton as they are met; each state's allowed tokens are worked out once.
 */
@NullMarked
package io.rackmark.engine.decoder.grammar;

import org.jspecify.annotations.NullMarked;
