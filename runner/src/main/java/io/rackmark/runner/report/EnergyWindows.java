package io.rackmark.runner.report;

import io.rackmark.runner.energy.SourceEnergy;
import io.rackmark.runner.result.CellKey;
import io.rackmark.runner.result.CellRecord;
import io.rackmark.runner.result.EnergyRecord;
import io.rackmark.runner.result.EnergyRecord.Span;
import io.rackmark.runner.result.QuestionRecord;
import io.rackmark.runner.result.RequestRecord;
import io.rackmark.runner.result.Turn;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Lays requests and energy of the same attempt at the same cell beside each other: tokens and
 * joules of a figure always come from one window.
 */
record EnergyWindows(
        List<CellRecord> cells,
        List<RequestRecord> requests,
        List<QuestionRecord> questions,
        List<EnergyRecord> energy) {

    /**
     * The measured part of one attempt at a cell.
     *
     * @param workload {@code speed} or {@code sql}
     * @param sources what each source tells of it
     * @param outputTokens of the completed measured requests
     * @param requests completed and measured
     * @param correct questions answered right by these requests
     */
    record Measured(
            String workload,
            List<SourceEnergy> sources,
            long outputTokens,
            int requests,
            int correct) {}

    /** The measured windows of a system's cells that ended well. */
    List<Measured> of(String system) {
        Set<CellKey> done =
                cells.stream()
                        .filter(cell -> cell.state() == CellRecord.State.DONE)
                        .map(CellRecord::key)
                        .filter(key -> key.system().equals(system))
                        .collect(Collectors.toSet());
        return energy.stream()
                .filter(record -> done.contains(record.cell()))
                .flatMap(record -> measured(record).stream())
                .toList();
    }

    private Optional<Measured> measured(EnergyRecord record) {
        List<RequestRecord> mine =
                requests.stream()
                        .filter(r -> r.cell().equals(record.cell()))
                        .filter(r -> r.attempt() == record.attempt())
                        .filter(r -> r.phase() == RequestRecord.Phase.MEASURED)
                        .filter(r -> r.state() == RequestRecord.State.COMPLETED)
                        .filter(r -> !r.tokenNanos().isEmpty())
                        .toList();
        return mine.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new Measured(
                                record.cell().workload(),
                                SourceEnergy.of(record, span(mine)),
                                mine.stream()
                                        .map(RequestRecord::outputTokens)
                                        .filter(Objects::nonNull)
                                        .mapToLong(Integer::longValue)
                                        .sum(),
                                mine.size(),
                                correct(record.cell(), mine)));
    }

    /** From the sending of the first request to the last token of the last. */
    private static Span span(List<RequestRecord> requests) {
        return new Span(
                requests.stream().mapToLong(RequestRecord::sentNanos).min().orElseThrow(),
                requests.stream().mapToLong(r -> r.tokenNanos().getLast()).max().orElseThrow());
    }

    /** Right answers whose requests are all among the given ones. */
    private int correct(CellKey cell, List<RequestRecord> requests) {
        Set<String> labels =
                requests.stream().map(RequestRecord::label).collect(Collectors.toSet());
        return (int)
                questions.stream()
                        .filter(q -> q.cell().equals(cell))
                        .map(QuestionRecord::ledger)
                        .filter(ledger -> Boolean.TRUE.equals(ledger.correctBag()))
                        .filter(ledger -> labels.containsAll(requestIds(ledger.turns())))
                        .count();
    }

    private static List<String> requestIds(List<Turn> turns) {
        return turns.stream()
                .map(turn -> turn.cost().requestId())
                .filter(Objects::nonNull)
                .toList();
    }
}
