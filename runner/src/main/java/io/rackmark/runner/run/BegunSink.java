package io.rackmark.runner.run;

import io.rackmark.runner.measure.ResultSink;
import io.rackmark.runner.result.CellRecord;
import io.rackmark.runner.result.EnergyRecord;
import io.rackmark.runner.result.Property;
import io.rackmark.runner.result.QuestionRecord;
import io.rackmark.runner.result.RequestRecord;
import java.time.Instant;

/**
 * Notes with each cell when it began.
 *
 * @param sink takes the records
 * @param begun wall clock, UTC
 */
record BegunSink(ResultSink sink, Instant begun) implements ResultSink {
    @Override
    public void cell(CellRecord cell) {
        sink.cell(cell.with(new Property(CellRecord.BEGUN, begun.toString())));
    }

    @Override
    public void request(RequestRecord request) {
        sink.request(request);
    }

    @Override
    public void question(QuestionRecord question) {
        sink.question(question);
    }

    @Override
    public void energy(EnergyRecord energy) {
        sink.energy(energy);
    }
}
