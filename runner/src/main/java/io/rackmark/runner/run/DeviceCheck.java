package io.rackmark.runner.run;

import io.rackmark.engine.Availability;
import io.rackmark.engine.Device;
import java.util.List;
import java.util.Optional;

/** Whether an engine computes on the device that a plan asks for. */
final class DeviceCheck {
    private DeviceCheck() {}

    /** One sentence with the remedy; nothing when the device can be used. */
    static Optional<String> fault(
            String engine, String device, Availability.Available availability) {
        List<String> known = availability.devices().stream().map(Device::id).toList();
        if (known.contains(device)) {
            return Optional.empty();
        }
        return Optional.of(
                availability
                        .noGpu()
                        .map(why -> "cannot compute on device '%s': %s".formatted(device, why))
                        .orElse(
                                "knows no device '%s'; known: %s"
                                        .formatted(device, String.join(", ", known)))
                        .transform(words -> "engine " + engine + " " + words));
    }
}
