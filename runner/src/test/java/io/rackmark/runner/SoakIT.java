package io.rackmark.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackmark.engine.EngineDescription;
import io.rackmark.engine.ModelFiles;
import io.rackmark.engine.Precision;
import io.rackmark.engine.worker.WorkerHome;
import io.rackmark.model.convert.ConversionProgress;
import io.rackmark.runner.run.EngineInventory;
import io.rackmark.runner.run.Home;
import io.rackmark.runner.run.ModelStock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Loads, generates with and closes the embedded model again and again in one process. */
@EnabledIfSystemProperty(
        named = "rackmark.soak",
        matches = "\\d+",
        disabledReason = "needs -Drackmark.soak=1000, the number of loads, and some minutes")
class SoakIT {
    private static final Path HOME = Path.of(System.getProperty("rackmark.source"));

    /** Growth between the first and the last tenth that caches and fragments may explain. */
    private static final long BOUND_KILOBYTES = 32 * 1024;

    @TempDir private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"llamacpp", "onnxruntime", "pytorch"})
    void manyLoadsLeaveTheMemoryFlat(String engine) throws Exception {
        Home home = new Home(HOME, HOME.resolve("target/rackmark"), folder, folder.resolve("s.db"));
        EngineDescription description =
                new EngineInventory(home).report(engine, Map.of()).description();
        Precision precision = description.usualPrecisions().getFirst();
        ModelFiles files =
                new ModelStock(home, _ -> ConversionProgress.NONE)
                        .files("embedded", description.formats(), precision)
                        .files();
        String classPath =
                new WorkerHome(home.dist()).folder().resolve("engines").resolve(engine)
                        + "/*:"
                        + HOME.resolve("runner/target/test-classes");
        Path output = folder.resolve("out");
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "-Xmx1g",
                                "--enable-native-access=ALL-UNNAMED",
                                "-Drackmark.cache=" + folder,
                                "-cp",
                                classPath,
                                SoakWorker.class.getName(),
                                System.getProperty("rackmark.soak"),
                                files.checkpoint().toString(),
                                files.weights().toString(),
                                files.format().name(),
                                precision.label())
                        .redirectOutput(output.toFile())
                        .redirectError(folder.resolve("err").toFile())
                        .start();
        assertThat(process.waitFor()).as(Files.readString(folder.resolve("err"))).isZero();
        List<Long> kilobytes =
                Files.readAllLines(output).stream()
                        .map(line -> Long.valueOf(line.substring(line.indexOf(' ') + 1)))
                        .toList();
        assertThat(kilobytes.getLast() - kilobytes.get(kilobytes.size() / 10))
                .as("growth of %s over %s", engine, kilobytes)
                .isLessThan(BOUND_KILOBYTES);
    }
}
