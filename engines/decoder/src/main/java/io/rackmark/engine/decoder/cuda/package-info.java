/**
 * NVIDIA's driver, for the engines that must know its GPUs before they load half a gigabyte for
 * them. Entry type: {@link io.rackmark.engine.decoder.cuda.CudaDriver}.
 */
@NullMarked
package io.rackmark.engine.decoder.cuda;

import org.jspecify.annotations.NullMarked;
