package io.rackmark.runner;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final Path SOURCE = Path.of(System.getProperty("rackmark.source"));
    private static final JavaClasses ALL =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("io.rackmark");

    @Test
    void theImportCoversEveryModule() {
        assertThat(ALL.size()).isGreaterThan(100);
        for (String name :
                List.of(
                        "io.rackmark.engine.EngineProvider",
                        "io.rackmark.engine.decoder.Decoder",
                        "io.rackmark.engine.llamacpp.LlamaCppProvider",
                        "io.rackmark.engine.onnxruntime.OnnxRuntimeProvider",
                        "io.rackmark.engine.pytorch.PyTorchProvider",
                        "io.rackmark.engine.remote.RemoteClient",
                        "io.rackmark.engine.worker.WorkerProcess",
                        "io.rackmark.model.Checkpoint",
                        "io.rackmark.data.Database")) {
            assertThat(ALL.contain(name)).as(name).isTrue();
        }
    }

    @Test
    void theEngineSpiDependsOnNothingOfOurs() {
        noClasses()
                .that()
                .resideInAPackage("io.rackmark.engine")
                .should()
                .dependOnClassesThat()
                .resideOutsideOfPackages("io.rackmark.engine", "java..", "org.jspecify..")
                .check(ALL);
    }

    @Test
    void theRunnerKnowsNoEngine() {
        noClasses()
                .that()
                .resideInAPackage("io.rackmark.runner..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.rackmark.engine.decoder..",
                        "io.rackmark.engine.llamacpp..",
                        "io.rackmark.engine.onnxruntime..",
                        "io.rackmark.engine.pytorch..")
                .check(ALL);
    }

    @Test
    void onlyItsEngineKnowsOnnxRuntime() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.rackmark.engine.onnxruntime..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("ai.onnxruntime..", "io.rackmark.engine.onnxruntime..")
                .check(ALL);
    }

    @Test
    void onlyThePyTorchEngineUsesDjlsBindingOfPyTorch() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.rackmark.engine.pytorch")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("ai.djl.pytorch..")
                .check(ALL);
    }

    @Test
    void onlyPullingAndEndpointsSpeakHttp() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.rackmark.model.pull", "io.rackmark.engine.remote")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("okhttp3..", "okio..")
                .check(ALL);
    }

    @Test
    void endpointsKnowOnlyTheSpi() {
        classes()
                .that()
                .resideInAPackage("io.rackmark.engine.remote..")
                .should()
                .onlyDependOnClassesThat(
                        resideInAPackage("io.rackmark.engine.remote..")
                                .or(resideInAPackage("io.rackmark.engine"))
                                .or(resideOutsideOfPackage("io.rackmark..")))
                .check(ALL);
    }

    @Test
    void modelsAndDataKnowNothingOfTheRunner() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.rackmark.model..", "io.rackmark.data..", "io.rackmark.engine..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.rackmark.runner..")
                .check(ALL);
    }

    @Test
    void resultsCostAndStatisticsImportNothingOfOurs() {
        for (String leaf :
                List.of(
                        "io.rackmark.runner.cost",
                        "io.rackmark.runner.result",
                        "io.rackmark.runner.stats")) {
            classes()
                    .that()
                    .resideInAPackage(leaf)
                    .should()
                    .onlyDependOnClassesThat(
                            resideInAPackage(leaf).or(resideOutsideOfPackage("io.rackmark..")))
                    .check(ALL);
        }
    }

    @Test
    void packagesOfTheRunnerHaveNoCycles() {
        slices().matching("io.rackmark.runner.(*)..").should().beFreeOfCycles().check(ALL);
    }

    @Test
    void foreignMemoryIsUsedOnlyWhereNativeCodeIs() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "io.rackmark.engine.decoder.cuda",
                        "io.rackmark.engine.llamacpp",
                        "io.rackmark.engine.onnxruntime.binding",
                        "io.rackmark.runner.energy.nvml",
                        "io.rackmark.engine.pytorch",
                        "io.rackmark.runner.measure")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.lang.foreign.Linker")
                .check(ALL);
    }

    @Test
    void everyPackageSaysWhatItIsFor() throws IOException {
        Set<Path> silent = new TreeSet<>();
        for (Path file : mainSources()) {
            Path folder = file.getParent();
            if (!Files.exists(folder.resolve("package-info.java"))) {
                silent.add(SOURCE.relativize(folder));
            }
        }
        assertThat(silent).isEmpty();
    }

    @Test
    void everyTypeThatTheArchitecturePageNamesExists() throws IOException {
        String page = Files.readString(SOURCE.resolve("docs/architecture.md"));
        Set<String> known =
                ALL.stream().map(type -> type.getSimpleName()).collect(Collectors.toSet());
        Set<String> named =
                Pattern.compile("`([A-Z][A-Za-z0-9]+[a-z][A-Za-z0-9]*)`")
                        .matcher(page)
                        .results()
                        .map(match -> match.group(1))
                        .collect(Collectors.toCollection(TreeSet::new));
        assertThat(named).hasSizeGreaterThan(5);
        assertThat(known).containsAll(named);
    }

    static List<Path> mainSources() throws IOException {
        try (var walk = Files.walk(SOURCE)) {
            return walk.filter(path -> path.toString().endsWith(".java"))
                    .filter(path -> path.toString().contains("/src/main/java/"))
                    .filter(path -> !path.toString().contains("/target/"))
                    .toList();
        }
    }
}
