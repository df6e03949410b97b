/**
 * ONNX graphs of decoder-only transformers: written from a checkpoint, and read as far as is needed
 * to find the files that hold their weights. Entry types: {@link
 * io.rackmark.model.onnx.DecoderGraphs}, which writes all graphs of one precision, and {@link
 * io.rackmark.model.onnx.OnnxFile}. A further form of the graph is a subclass of {@code
 * DecoderGraph} and a constant of {@link io.rackmark.model.onnx.GraphForm}. COVERAGE.md beside this
 * package lists the fields and operators.
 */
@NullMarked
package io.rackmark.model.onnx;

import org.jspecify.annotations.NullMarked;
