package io.rackmark.runner.measure;

import io.rackmark.runner.result.CellRecord;
import io.rackmark.runner.result.EnergyRecord;
import io.rackmark.runner.result.QuestionRecord;
import io.rackmark.runner.result.RequestRecord;

/** Takes each record as soon as it exists and keeps it durably before returning. */
public interface ResultSink {
    void cell(CellRecord cell);

    void request(RequestRecord request);

    void question(QuestionRecord question);

    void energy(EnergyRecord energy);
}
