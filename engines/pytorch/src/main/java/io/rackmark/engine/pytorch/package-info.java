/**
 * PyTorch, through DJL's binding of libtorch. Entry type: {@link
 * io.rackmark.engine.pytorch.PyTorchProvider}. {@link io.rackmark.engine.pytorch.LibTorch} is the
 * one way in: it sets what DJL reads before any of its classes is loaded. A {@link
 * io.rackmark.engine.pytorch.Network} is one way to compute a model; {@link
 * io.rackmark.engine.pytorch.TorchTokenModel} holds the slots and checks every argument.
 */
@NullMarked
package io.rackmark.engine.pytorch;

import org.jspecify.annotations.NullMarked;
