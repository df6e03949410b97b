/**
 * One local model behind an OpenAI-compatible HTTP endpoint. Entry type: {@link
 * io.rackmark.runner.serve.ModelServer}. Netty carries bytes, each request runs on a virtual thread
 * of its own, and the model lives in a worker that is started anew when it dies. What a client
 * sends is untrusted and bounded before it is read.
 */
@NullMarked
package io.rackmark.runner.serve;

import org.jspecify.annotations.NullMarked;
