package io.rackmark.runner.store;

import io.rackmark.runner.result.CellRecord;
import io.rackmark.runner.result.EnergyRecord;
import io.rackmark.runner.result.QuestionRecord;
import io.rackmark.runner.result.RequestRecord;
import io.rackmark.runner.result.RunRecord;
import java.util.List;

/**
 * One run with everything that belongs to it.
 *
 * @param run with its systems and environment
 * @param cells in the planned order
 * @param requests in the order in which they were stored
 * @param questions in the order in which they were stored
 * @param energy in the order in which it was stored; none in exports made before it was measured
 */
public record RunDocument(
        RunRecord run,
        List<CellRecord> cells,
        List<RequestRecord> requests,
        List<QuestionRecord> questions,
        List<EnergyRecord> energy) {
    public RunDocument {
        cells = List.copyOf(cells);
        requests = List.copyOf(requests);
        questions = List.copyOf(questions);
        energy = List.copyOf(energy);
    }
}
