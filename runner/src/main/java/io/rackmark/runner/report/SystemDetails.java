package io.rackmark.runner.report;

import io.rackmark.runner.result.CellRecord;
import io.rackmark.runner.result.EnergyFigure;
import io.rackmark.runner.result.EnergyGrade;
import io.rackmark.runner.result.Figure;
import io.rackmark.runner.result.QuestionLedger;
import io.rackmark.runner.result.QuestionRecord;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Every figure of every system, its failures, and its questions, as text. */
public final class SystemDetails {
    private SystemDetails() {}

    public static String of(RunSummary summary, List<QuestionRecord> questions) {
        StringBuilder text = new StringBuilder();
        for (SystemSummary system : summary.systems()) {
            text.append(
                    "\n%s  (%d of %d cells)%n"
                            .formatted(system.system().id(), system.cellsDone(), system.cells()));
            system.figures().forEach(figure -> text.append(line(figure)));
            for (CaseSummary one : system.cases()) {
                text.append("  %s%n".formatted(SpeedTable.name(one.point())));
                one.figures().forEach(figure -> text.append("  ").append(line(figure)));
            }
            for (LevelSummary level : system.levels()) {
                text.append("  %d users%n".formatted(level.users()));
                level.figures().forEach(figure -> text.append("  ").append(line(figure)));
            }
            @Nullable DaySummary day = system.day();
            if (day != null) {
                text.append("  over the day%n".formatted());
                day.figures().forEach(figure -> text.append("  ").append(line(figure)));
            }
            system.energy().forEach(figure -> text.append(line(figure)));
            system.failures().forEach(failure -> text.append(line(failure)));
            questions.stream()
                    .filter(q -> q.cell().system().equals(system.system().id()))
                    .filter(q -> q.cell().workload().equals("sql"))
                    .filter(q -> q.cell().repeat() == 1)
                    .forEach(q -> text.append(line(q.ledger())));
        }
        return text.toString();
    }

    private static String line(Figure figure) {
        @Nullable Double value = figure.value();
        if (value == null) {
            return "  %-28s –  (%s)%n".formatted(figure.metric(), figure.reason());
        }
        @Nullable Double low = figure.low();
        @Nullable Double high = figure.high();
        String interval =
                low == null || high == null
                        ? ""
                        : "  [%s, %s]".formatted(Format.number(low), Format.number(high));
        return "  %-28s %s %s%s  %s, n = %d%n"
                .formatted(
                        figure.metric(),
                        Format.number(value),
                        figure.unit(),
                        interval,
                        figure.statistic(),
                        figure.n());
    }

    private static String line(EnergyFigure figure) {
        @Nullable Double value = figure.value();
        @Nullable EnergyGrade grade = figure.grade();
        if (value == null || grade == null) {
            return "  %-28s –  (%s: %s)%n"
                    .formatted(figure.metric(), figure.source(), figure.reason());
        }
        return "  %-28s %s %s  %s (%s), grade %s, n = %d, %s s%n"
                .formatted(
                        figure.metric(),
                        Format.number(value),
                        figure.unit(),
                        figure.source(),
                        figure.scope(),
                        grade.label(),
                        figure.n(),
                        Format.number(figure.windowSeconds()));
    }

    private static String line(CellRecord.Failure failure) {
        String log =
                failure.log().isEmpty() ? "" : "\n      " + String.join("\n      ", failure.log());
        return "  failed: %s: %s%s%n".formatted(failure.kind(), failure.message(), log);
    }

    private static String line(QuestionLedger ledger) {
        @Nullable Boolean correct = ledger.correctBag();
        String verdict = correct == null ? "?" : correct ? "right" : "wrong";
        return "  %-8s %-7s %-5s %s%n"
                .formatted(
                        ledger.questionId(),
                        ledger.tier(),
                        verdict,
                        Objects.requireNonNullElse(ledger.finalSql(), "(no SQL)"));
    }
}
