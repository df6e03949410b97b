/**
 * From stored records to figures and tables. Entry type: {@link
 * io.rackmark.runner.report.RunSummary}. Reads records only; measures nothing.
 */
@NullMarked
package io.rackmark.runner.report;

import org.jspecify.annotations.NullMarked;
