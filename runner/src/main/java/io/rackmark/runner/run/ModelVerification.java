package io.rackmark.runner.run;

import io.rackmark.engine.Availability;
import io.rackmark.engine.LoadOptions;
import io.rackmark.engine.Precision;
import io.rackmark.engine.worker.WorkerException;
import io.rackmark.engine.worker.WorkerLauncher;
import io.rackmark.engine.worker.WorkerProcess;
import io.rackmark.model.ModelException;
import io.rackmark.runner.measure.Equivalence;
import io.rackmark.runner.measure.EquivalenceProbe;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The fairness gate: holds every engine and precision against the checkpoint's exact logits. */
public final class ModelVerification {
    private static final int CONTEXT_TOKENS = 128;

    private final EngineInventory engines;
    private final ModelStock models;

    public enum Verdict {
        /** Within the bound of the precision. */
        SAME_MODEL,
        /** Quantised weights: another model by design, compared as deployed. */
        AS_DEPLOYED,
        /** Beyond the bound of the precision. */
        DIFFERS,
        /** Not compared: see the reason. */
        NOT_COMPARED
    }

    /**
     * One engine with one precision.
     *
     * @param equivalence null exactly when nothing was compared
     * @param reason why nothing was compared; null when something was
     */
    public record Row(
            String engine,
            String precision,
            Verdict verdict,
            @Nullable Equivalence equivalence,
            @Nullable String reason) {}

    /**
     * What is compared.
     *
     * @param engines ids; empty for all
     * @param precisions labels; empty for all that an engine loads
     * @param options of the engines
     * @param device where they compute
     */
    public record Selection(
            List<String> engines,
            List<String> precisions,
            Map<String, String> options,
            String device) {
        public Selection {
            engines = List.copyOf(engines);
            precisions = List.copyOf(precisions);
            options = Map.copyOf(options);
        }

        private boolean takes(Precision precision) {
            return precisions.isEmpty() || precisions.contains(precision.label());
        }
    }

    public ModelVerification(EngineInventory engines, ModelStock models) {
        this.engines = engines;
        this.models = models;
    }

    /**
     * Compares every precision of each engine that can run here.
     *
     * @param begun told what is compared next
     * @throws ModelException when the checkpoint itself is missing or damaged
     */
    public List<Row> verify(String model, Selection selection, Consumer<String> begun) {
        EquivalenceProbe probe =
                new EquivalenceProbe(
                        (tokens, rows) ->
                                ExactLogits.compute(models.known(model).directory(), tokens, rows));
        List<Row> rows = new ArrayList<>();
        List<String> only = selection.engines();
        for (String engine : only.isEmpty() ? engines.ids() : only) {
            EngineReport report = engines.report(engine, selection.options());
            if (report.availability()
                    instanceof Availability.Unavailable(String reason, String remedy)) {
                rows.add(notCompared(engine, "–", reason + "; " + remedy));
                continue;
            }
            for (Precision precision : report.description().precisions()) {
                if (selection.takes(precision)) {
                    begun.accept(engine + " " + precision.label());
                    rows.add(row(engine, model, precision, selection, probe));
                }
            }
        }
        return rows;
    }

    private Row row(
            String engine,
            String model,
            Precision precision,
            Selection selection,
            EquivalenceProbe probe) {
        Map<String, String> options = selection.options();
        try (WorkerProcess worker = WorkerLauncher.start(engines.spec(engine, options))) {
            worker.open();
            worker.load(
                    models.files(
                                    model,
                                    engines.report(engine, options).description().formats(),
                                    precision)
                            .files(),
                    new LoadOptions(CONTEXT_TOKENS, 1, 0, selection.device()));
            Optional<Equivalence> found = probe.check(worker, precision);
            return found.map(e -> new Row(engine, precision.label(), verdict(e), e, null))
                    .orElseGet(() -> notCompared(engine, precision.label(), "it gives no logits"));
        } catch (WorkerException | ModelException e) {
            return notCompared(engine, precision.label(), String.valueOf(e.getMessage()));
        }
    }

    private static Verdict verdict(Equivalence found) {
        if (found.broken()) {
            return Verdict.DIFFERS;
        }
        return found.likeForLike() ? Verdict.SAME_MODEL : Verdict.AS_DEPLOYED;
    }

    private static Row notCompared(String engine, String precision, String reason) {
        return new Row(engine, precision, Verdict.NOT_COMPARED, null, reason);
    }
}
