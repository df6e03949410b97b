package io.rackmark.runner.store;

import io.rackmark.runner.result.CellKey;
import io.rackmark.runner.result.EnergyChannel;
import io.rackmark.runner.result.EnergyChannel.Quantity;
import io.rackmark.runner.result.EnergyRecord;
import io.rackmark.runner.result.EnergyRecord.Span;
import io.rackmark.runner.result.EnergyRecord.Unmeasured;
import io.rackmark.runner.result.EnergySeries;
import io.rackmark.runner.result.EnergySeries.Phase;
import io.rackmark.runner.result.EnergySource;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/** Energy records to rows and back. */
record EnergyRows(Database database) {
    private static final TypeReference<List<Unmeasured>> UNMEASURED = new TypeReference<>() {};

    /** Writes a record in place of an earlier one of the same cell and attempt. */
    void replace(String runId, EnergyRecord energy) throws SQLException {
        Object[] key = {
            runId,
            energy.cell().system(),
            energy.cell().workload(),
            energy.cell().repeat(),
            energy.attempt()
        };
        String mine =
                " WHERE run = ? AND system = ? AND workload = ? AND repeat = ? AND attempt = ?";
        database.update(
                "DELETE FROM energy_series WHERE energy IN (SELECT id FROM energy" + mine + ")",
                key);
        database.update("DELETE FROM energy" + mine, key);
        database.update(
                """
                INSERT INTO energy (run, system, workload, repeat, attempt, wall_clock,
                    wall_clock_nanos, idle, load, unmeasured)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                runId,
                energy.cell().system(),
                energy.cell().workload(),
                energy.cell().repeat(),
                energy.attempt(),
                energy.wallClock().toString(),
                energy.wallClockNanos(),
                RecordJson.write(energy.idle()),
                RecordJson.write(energy.load()),
                RecordJson.write(energy.unmeasured()));
        for (int i = 0; i < energy.series().size(); i++) {
            insert(i, energy.series().get(i));
        }
    }

    /** Belongs to the row of table energy that was inserted last. */
    private void insert(int position, EnergySeries series) throws SQLException {
        EnergyChannel channel = series.channel();
        EnergySource source = channel.source();
        List<Long> values = series.values();
        database.update(
                """
                INSERT INTO energy_series (energy, phase, channel, position, source, scope, device,
                    quantity, wrap, start_nanos, samples, least, most, nanos, readings)
                VALUES ((SELECT max(id) FROM energy), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                series.phase().name(),
                channel.id(),
                position,
                source == null ? null : source.name(),
                channel.scope(),
                channel.device(),
                channel.quantity().name(),
                channel.wrap(),
                series.startNanos(),
                values.size(),
                values.isEmpty() ? null : Collections.min(values),
                values.isEmpty() ? null : Collections.max(values),
                TokenTimes.encode(0, series.nanosAfterStart()),
                TokenTimes.encode(0, values));
    }

    List<EnergyRecord> all(String runId) {
        return database.query("SELECT * FROM energy WHERE run = ? ORDER BY id", this::read, runId);
    }

    private EnergyRecord read(ResultSet row) throws SQLException {
        return new EnergyRecord(
                new CellKey(
                        row.getString("system"), row.getString("workload"), row.getInt("repeat")),
                row.getInt("attempt"),
                Instant.parse(row.getString("wall_clock")),
                row.getLong("wall_clock_nanos"),
                RecordJson.readNullable(row.getString("idle"), Span.class),
                RecordJson.readNullable(row.getString("load"), Span.class),
                series(row.getLong("id")),
                RecordJson.readList(row.getString("unmeasured"), UNMEASURED));
    }

    private List<EnergySeries> series(long energy) {
        return database.query(
                "SELECT * FROM energy_series WHERE energy = ? ORDER BY position",
                EnergyRows::series,
                energy);
    }

    private static EnergySeries series(ResultSet row) throws SQLException {
        @Nullable String source = row.getString("source");
        long wrap = row.getLong("wrap");
        @Nullable Long wrapOrNull = row.wasNull() ? null : wrap;
        return new EnergySeries(
                new EnergyChannel(
                        row.getString("channel"),
                        source == null ? null : EnergySource.valueOf(source),
                        row.getString("scope"),
                        row.getString("device"),
                        Quantity.valueOf(row.getString("quantity")),
                        wrapOrNull),
                Phase.valueOf(row.getString("phase")),
                row.getLong("start_nanos"),
                TokenTimes.decode(0, row.getBytes("nanos")),
                TokenTimes.decode(0, row.getBytes("readings")));
    }
}
