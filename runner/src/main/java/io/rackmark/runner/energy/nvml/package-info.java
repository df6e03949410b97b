/**
 * A dozen functions of NVIDIA's management library, called through {@code java.lang.foreign}. Entry
 * type: {@link io.rackmark.runner.energy.nvml.Nvml}, which shows nothing native. Signatures and the
 * layout of {@code nvmlProcessInfo_t} are those of nvml.h, API version 13; <em>unverified</em> on
 * real hardware.
 */
@NullMarked
package io.rackmark.runner.energy.nvml;

import org.jspecify.annotations.NullMarked;
