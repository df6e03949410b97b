/**
 * What a box costs and from which volume on it is cheaper than an endpoint; starts at {@link
 * io.rackmark.runner.cost.CostInputs}. Pure arithmetic: no record, no store, no text for people.
 */
@NullMarked
package io.rackmark.runner.cost;

import org.jspecify.annotations.NullMarked;
