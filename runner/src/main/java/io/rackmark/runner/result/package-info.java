/**
 * What a run leaves behind, as data: run, systems, cells, requests, questions and figures. Entry
 * type: {@link io.rackmark.runner.result.RunRecord}. Plain JDK types only; imports nothing of ours,
 * so that a stored record can be read back by any later version.
 */
@NullMarked
package io.rackmark.runner.result;

import org.jspecify.annotations.NullMarked;
