package io.rackmark.runner.report;

import io.rackmark.runner.result.EnergyRecord;
import io.rackmark.runner.result.EnergyRecord.Unmeasured;
import java.util.List;
import java.util.Optional;

/** Why a run has no energy, in one clause. */
final class EnergyMissing {
    private EnergyMissing() {}

    /** Empty when any energy figure has a value. */
    static Optional<String> reason(List<SystemSummary> systems, List<EnergyRecord> energy) {
        if (systems.stream().flatMap(s -> s.energy().stream()).anyMatch(f -> f.value() != null)) {
            return Optional.empty();
        }
        Optional<String> invalid =
                systems.stream()
                        .flatMap(s -> s.energy().stream())
                        .map(f -> "%s: %s".formatted(f.source(), f.reason()))
                        .findFirst();
        return invalid.or(() -> Optional.of(unread(energy)));
    }

    private static String unread(List<EnergyRecord> energy) {
        List<Unmeasured> unmeasured =
                energy.stream().flatMap(record -> record.unmeasured().stream()).toList();
        Optional<Unmeasured> denied =
                unmeasured.stream().filter(u -> u.reason().startsWith("not permitted")).findFirst();
        if (denied.isPresent()) {
            return "%s: %s".formatted(denied.get().meter(), denied.get().reason());
        }
        return energy.isEmpty()
                ? "the run has no energy records"
                : unmeasured.isEmpty() ? "no meter was asked for" : "this machine shows no meter";
    }
}
