package io.rackmark.model.convert;

import java.util.List;

/**
 * How one tensor goes from the checkpoint to the derived file.
 *
 * @param source name in the checkpoint
 * @param target name in the derived file
 * @param shape in both, outermost dimension first
 * @param headRows rows per attention head when the rows of each head are interleaved for
 *     llama.cpp's rotary embedding; 0 when rows keep their order
 */
record TensorRule(String source, String target, List<Long> shape, int headRows) {
    TensorRule {
        shape = List.copyOf(shape);
    }

    long rows() {
        return shape.getFirst();
    }

    /** Elements of one row; 1 for vectors. */
    int columns() {
        return shape.size() == 1 ? 1 : Math.toIntExact(shape.getLast());
    }

    /**
     * The source row for a target row. Checkpoints hold the two halves of each head one after the
     * other, llama.cpp wants their rows in turn: target row {@code 2i + j} of a head is row {@code
     * i + j * headRows / 2}.
     */
    long sourceRow(long row) {
        if (headRows == 0) {
            return row;
        }
        long within = row % headRows;
        return row - within + within / 2 + within % 2 * (headRows / 2);
    }
}
