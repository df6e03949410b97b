/**
 * Cells of systems that run elsewhere. Entry type: {@link
 * io.rackmark.runner.remote.RemoteCellRunner}. The same agent and the same records as in process;
 * life cycle and memory stay empty, because they lie elsewhere.
 */
@NullMarked
package io.rackmark.runner.remote;

import org.jspecify.annotations.NullMarked;
