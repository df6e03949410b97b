/**
 * The data behind text-to-SQL: {@link io.rackmark.data.SampleDatabase} builds the embedded music
 * store, {@link io.rackmark.data.Database} opens any SQLite file read-only, {@link
 * io.rackmark.data.QuestionSet} reads questions with gold answers, {@link
 * io.rackmark.data.SqlRunner} executes untrusted SQL under caps and {@link
 * io.rackmark.data.ResultComparison} decides whether two results agree.
 *
 * <p>Nothing here knows of engines or of the runner. A change to the rows of the sample database
 * needs a new {@link io.rackmark.data.SampleDatabase#VERSION} and content hash.
 */
@NullMarked
package io.rackmark.data;

import org.jspecify.annotations.NullMarked;
