/**
 * Where results are kept: one SQLite file, one commit per finished request, and its JSON export.
 * Entry types: {@link io.rackmark.runner.store.ResultStore} and {@link
 * io.rackmark.runner.store.RunExport}. A change of a table is a new numbered {@code .sql} file
 * beside the existing ones, never an edit of one; a change of a record also changes {@code
 * results/schema/run-v1.schema.json}.
 */
@NullMarked
package io.rackmark.runner.store;

import org.jspecify.annotations.NullMarked;
