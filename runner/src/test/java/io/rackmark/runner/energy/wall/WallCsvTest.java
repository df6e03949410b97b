package io.rackmark.runner.energy.wall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.rackmark.runner.result.EnergyChannel.Quantity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WallCsvTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    @Test
    void aPlainLogOfWattsIsRead() {
        WallLog log = parse("time,W\n2026-11-24T12:00:00Z,118.5\n2026-11-24T12:00:01Z,121\n");

        assertThat(log.quantity()).isEqualTo(Quantity.POWER_MICROWATTS);
        assertThat(log.values()).containsExactly(118_500_000L, 121_000_000L);
        assertThat(log.first()).isEqualTo(Instant.parse("2026-11-24T12:00:00Z"));
    }

    @Test
    void theReadingIsFoundAmongOtherColumnsWhateverItsUnit() {
        assertThat(one("timestamp,Voltage (V),Current (A),Power (kW)\n1764000000,230,1,0.231\n"))
                .isEqualTo(231_000_000L);
        assertThat(one("ts,aux,apower_mw\n1764000000,,900\n")).isEqualTo(900_000L);
        assertThat(one("time,total_joules\n1764000000,12.5\n")).isEqualTo(12_500_000L);
        assertThat(one("time,Active Power [W],Power Factor,VA\n1764000000,80,0.9,88\n"))
                .isEqualTo(80_000_000L);
        assertThat(one("Date,Energy (Wh)\n2026-11-24 12:00:00Z,1.5\n")).isEqualTo(5_400_000_000L);
    }

    @Test
    void aCounterOfKilowattHoursIsEnergyAndPowerIsPreferred() {
        assertThat(parse("time,kWh\n1764000000,12.345\n").quantity())
                .isEqualTo(Quantity.ENERGY_MICROJOULES);
        assertThat(one("time,kWh\n1764000000,12.345\n")).isEqualTo(44_442_000_000_000L);
        assertThat(parse("time,kWh,W\n1764000000,12.345,70\n").column()).isEqualTo("W");
    }

    @Test
    void secondsToNanosecondsSince1970AreToldApart() {
        for (String stamp :
                List.of(
                        "1764000000",
                        "1764000000000",
                        "1764000000000000",
                        "1764000000000000000",
                        "1764000000.0",
                        "2025-11-24T16:00:00Z",
                        "2025-11-24 17:00:00+01:00",
                        "2025-11-24 17:00:00 +0100",
                        "2025-11-24 16:00:00.000 UTC",
                        "2025/11/24 16:00Z",
                        "24.11.2025 16:00:00Z")) {
            assertThat(parse("time,W\n\"" + stamp + "\",1\n").first())
                    .as(stamp)
                    .isEqualTo(Instant.ofEpochSecond(1_764_000_000));
        }
        assertThat(parse("time,W\n1764000000.25,1\n").first())
                .isEqualTo(Instant.ofEpochSecond(1_764_000_000, 250_000_000));
    }

    @Test
    void timesWithoutAZoneAreThoseOfThisMachine() {
        WallLog log = WallCsv.parse("w.csv", "time,W\n2026-07-01 12:00:00,1\n", BERLIN);

        assertThat(log.first()).isEqualTo(Instant.parse("2026-07-01T10:00:00Z"));
    }

    @Test
    void dateAndTimeMayStandInTwoColumns() {
        String text = "Date;Time;Power (W)\n24.11.2026;12:00:00;118,5\n24.11.2026;12:00:01;119,0\n";

        WallLog log = parse(text);

        assertThat(log.first()).isEqualTo(Instant.parse("2026-11-24T12:00:00Z"));
        assertThat(log.values()).containsExactly(118_500_000L, 119_000_000L);
        assertThat(parse("time\tdate\tW\n12:00:00\t2026-11-24\t5\n").first())
                .isEqualTo(Instant.parse("2026-11-24T12:00:00Z"));
    }

    @Test
    void commentsEmptyLinesAMarkAndMissingReadingsAreNoFaults() {
        String text =
                """
                # plug 3

                time,W
                1764000000,1

                1764000001,
                # pause
                1764000002,3
                """;

        WallLog log = parse("\uFEFF" + text);

        assertThat(log.values()).containsExactly(1_000_000L, 3_000_000L);
    }

    @Test
    void theLastReadingOfAnInstantCounts() {
        assertThat(parse("time,W\n1764000000,1\n1764000000,2\n").values())
                .containsExactly(2_000_000L);
    }

    @Test
    void everyFaultIsToldWithItsLine() {
        assertThat(
                        faults(
                                """
                                # a comment
                                time,W
                                1764000000,1
                                yesterday,2
                                1764000002,much
                                1764000003,-5
                                1764000002,6
                                1764000001,7
                                03/04/2026 12:00,8
                                2026-02-31 12:00:00,9
                                """))
                .containsExactly(
                        "w.csv:4: 'yesterday' is not a time; write 2026-11-24T12:00:00Z, 2026-11-24"
                                + " 12:00:00 or seconds since 1970",
                        "w.csv:5: 'much' in column 'W' is not a reading; a number of 0 or more is",
                        "w.csv:6: '-5' in column 'W' is not a reading; a number of 0 or more is",
                        "w.csv:8: the time goes back; sort the rows and give times a zone or"
                                + " offset",
                        "w.csv:9: '03/04/2026 12:00' is not a time; write 2026-11-24T12:00:00Z,"
                                + " 2026-11-24 12:00:00 or seconds since 1970",
                        "w.csv:10: '2026-02-31 12:00:00' is not a time; write 2026-11-24T12:00:00Z,"
                                + " 2026-11-24 12:00:00 or seconds since 1970");
    }

    @Test
    void atMostTenFaultsAreTold() {
        assertThat(faults("time,W\n" + "x,1\n".repeat(50))).hasSize(10);
    }

    @Test
    void aTimeThatTheClockSkippedIsAFault() {
        WallCsvException e =
                catchThrowableOfType(
                        WallCsvException.class,
                        () -> WallCsv.parse("w.csv", "time,W\n2026-03-29 02:30:00,1\n", BERLIN));

        assertThat(e.faults()).singleElement().asString().startsWith("w.csv:2: ");
    }

    @Test
    void headersThatDoNotTellAreFaults() {
        assertThat(faults("time,power\n1764000000,1\n"))
                .containsExactly(
                        "w.csv:1: no column names a unit among 'time', 'power'; name one for"
                                + " example 'power (W)' or 'energy (kWh)'");
        assertThat(faults("when,W\n1764000000,1\n"))
                .containsExactly(
                        "w.csv:1: no column holds the time among 'when', 'W'; name one 'time'");
        assertThat(faults("time,L1 (W),L2 (W)\n1764000000,1,2\n"))
                .containsExactly(
                        "w.csv:1: 'L1 (W)', 'L2 (W)' could all be the reading; keep one of them");
        assertThat(faults("time,timestamp,W\n1,1,1\n"))
                .containsExactly(
                        "w.csv:1: 'time', 'timestamp' could all be the time; keep one of them");
        assertThat(faults(""))
                .containsExactly("w.csv is empty; a log begins with a header such as 'time,W'");
        assertThat(faults("time,W\n"))
                .containsExactly("w.csv: no row holds a reading in column 'W'");
    }

    @Test
    void filesThatAreNoLogsAreOneSentence(@TempDir Path folder) throws IOException {
        Path missing = folder.resolve("none.csv");
        assertThat(fileFaults(missing))
                .singleElement()
                .asString()
                .startsWith("no wall-meter log at " + missing);
        Path binary = Files.write(folder.resolve("w.csv"), new byte[] {(byte) 0xff, 1, 2});
        assertThat(fileFaults(binary))
                .containsExactly(binary + " is not UTF-8 text; save it as UTF-8");
        assertThat(fileFaults(folder))
                .singleElement()
                .asString()
                .startsWith("cannot read the wall-meter log ");
        Path huge = Files.writeString(folder.resolve("h.csv"), "time,W\n1," + "9".repeat(100_000));
        assertThat(fileFaults(huge)).singleElement().asString().startsWith(huge + ":2: ");
    }

    /** Text made of what logs are made of, and damaged logs: a log, or faults, and nothing else. */
    @Test
    void randomTextNeverThrowsAnythingElse() {
        String alphabet = "time,;\tWkh\"'#\n\r.:-+ 0123456789TZ\u0000é\uFEFF";
        for (long seed = 0; seed < 4000; seed++) {
            Random random = new Random(seed);
            StringBuilder text = new StringBuilder(random.nextBoolean() ? "time,W\n" : "");
            int length = random.nextInt(120);
            for (int i = 0; i < length; i++) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            check(seed, text.toString());
        }
    }

    @Test
    void aDamagedLogIsReadOrRefusedWithALine() {
        String sound =
                """
                Date;Time;Power (W)
                24.11.2026;12:00:00;118,5
                24.11.2026;12:00:01;119,0
                24.11.2026;12:00:02;
                24.11.2026;12:00:03;"120"
                """;
        for (long seed = 0; seed < 4000; seed++) {
            Random random = new Random(seed);
            byte[] bytes = sound.getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i <= random.nextInt(4); i++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(128);
            }
            check(seed, new String(bytes, StandardCharsets.UTF_8));
        }
    }

    private static void check(long seed, String text) {
        try {
            WallLog log = parse(text);
            assertThat(log.epochNanos()).as("seed %d", seed).isSorted().hasSameSizeAs(log.values());
            assertThat(log.values()).as("seed %d", seed).allMatch(value -> value >= 0);
        } catch (WallCsvException e) {
            assertThat(e.faults()).as("seed %d", seed).isNotEmpty();
            assertThat(e.faults())
                    .as("seed %d", seed)
                    .allMatch(fault -> fault.startsWith("w.csv") && !fault.contains("\n"));
        }
    }

    private static WallLog parse(String text) {
        return WallCsv.parse("w.csv", text, ZoneOffset.UTC);
    }

    private static long one(String text) {
        return parse(text).values().getFirst();
    }

    private static List<String> faults(String text) {
        return catchThrowableOfType(WallCsvException.class, () -> parse(text)).faults();
    }

    private static List<String> fileFaults(Path file) {
        return catchThrowableOfType(
                        WallCsvException.class, () -> WallCsv.read(file, ZoneOffset.UTC))
                .faults();
    }
}
