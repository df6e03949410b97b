/**
 * TorchScript archives, written without Python. Entry type: {@link
 * io.rackmark.model.torchscript.TorchScriptArchive}. The program in an archive is generated for one
 * {@link io.rackmark.model.ModelConfig}; what it expects to be handed stands in {@link
 * io.rackmark.model.torchscript.DecoderProgram}. Records and opcodes are listed in COVERAGE.md
 * beside this file.
 */
@NullMarked
package io.rackmark.model.torchscript;

import org.jspecify.annotations.NullMarked;
