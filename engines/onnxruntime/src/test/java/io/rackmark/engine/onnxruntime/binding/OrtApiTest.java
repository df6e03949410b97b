package io.rackmark.engine.onnxruntime.binding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtException.OrtErrorCode;
import ai.onnxruntime.OrtSession;
import io.rackmark.engine.EngineException;
import io.rackmark.engine.onnxruntime.LoadedLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Everything that can go wrong is a sentence, and no call ends the process. */
class OrtApiTest {
    private static final Path GRAPH = Path.of("src/test/resources/exports/optimum.onnx");

    private final OrtApi api = OrtApi.of(LoadedLibrary.path());

    private interface Use {
        void of(NativeSession session) throws OrtException;
    }

    private void withSession(Use use) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession session = environment.createSession(GRAPH.toString());
                NativeSession bound = NativeSession.of(api, session, Place.CPU)) {
            use.of(bound);
        }
    }

    @Test
    void libraryIsOfTheVersionWhoseHeaderTheIndicesAreFrom() {
        assertThat(api.version())
                .isEqualTo(OrtEnvironment.getEnvironment().getVersion())
                .startsWith(FunctionTable.LIBRARY_VERSION);
    }

    @Test
    void otherVersionsAreRefusedBeforeTheTableIsTouched() {
        assertThatThrownBy(() -> FunctionTable.requireVersion("1.28.1"))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("this library is 1.28.1");
        assertThatThrownBy(() -> FunctionTable.requireVersion("1.290.0"))
                .isInstanceOf(EngineException.class);
    }

    @Test
    void libraryOfSomethingElseIsRefused() {
        Path jvm =
                Path.of(
                        System.getProperty("java.home"),
                        "lib/server",
                        System.mapLibraryName("jvm"));
        assertThatThrownBy(() -> OrtApi.of(jvm))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("has no OrtGetApiBase");
    }

    @Test
    void statusesBecomeExceptionsWithCodeAndMessage() throws OrtException {
        withSession(
                session -> {
                    try (IoBinding binding = session.binding();
                            Arena arena = Arena.ofConfined();
                            NativeValue value =
                                    session.host(arena.allocate(8), ElementType.INT64, 1, 1)) {
                        assertThatThrownBy(() -> binding.input("no-such-input", value))
                                .isInstanceOfSatisfying(
                                        OrtException.class,
                                        e ->
                                                assertThat(e.getCode())
                                                        .isEqualTo(OrtErrorCode.ORT_FAIL));
                        assertThatThrownBy(binding::run).isInstanceOf(OrtException.class);
                    }
                });
    }

    @Test
    void memoryOfADeviceThatTheSessionDoesNotUseIsRefused() throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession session = environment.createSession(GRAPH.toString())) {
            assertThatThrownBy(() -> NativeSession.of(api, session, Place.cuda(0)))
                    .isInstanceOf(OrtException.class);
            assertThatThrownBy(() -> NativeSession.of(api, session, new Place("Nowhere", 0)))
                    .isInstanceOf(OrtException.class);
        }
    }

    @Test
    void tensorsThatDoNotFitTheirMemoryAreRefused() throws OrtException {
        withSession(
                session -> {
                    try (Arena arena = Arena.ofConfined()) {
                        MemorySegment eight = arena.allocate(8);
                        assertThatThrownBy(() -> session.host(eight, ElementType.FLOAT, 3))
                                .isInstanceOf(OrtException.class);
                        assertThatThrownBy(() -> session.host(eight, ElementType.FLOAT, -1))
                                .isInstanceOf(OrtException.class);
                        assertThatThrownBy(() -> session.allocate(1L << 60))
                                .isInstanceOf(OrtException.class);
                    }
                });
    }

    @Test
    void closedValuesAreNotUsed() throws OrtException {
        withSession(
                session -> {
                    NativeValue value = session.empty(ElementType.FLOAT, 1, 0);
                    value.close();
                    value.close();
                    try (IoBinding binding = session.binding()) {
                        assertThatThrownBy(() -> binding.input("input_ids", value))
                                .isInstanceOf(IllegalStateException.class);
                    }
                });
    }

    @Test
    void placementIsToldOnlyBySessionsThatRecordIt() throws OrtException {
        withSession(
                session -> assertThatThrownBy(session::placement).isInstanceOf(OrtException.class));
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.addConfigEntry(NodePlacement.RECORD, "1");
            try (OrtSession session = environment.createSession(GRAPH.toString(), options);
                    NativeSession bound = NativeSession.of(api, session, Place.CPU)) {
                assertThat(bound.placement().operators()).containsOnlyKeys("CPUExecutionProvider");
                assertThat(bound.placement().of("CPUExecutionProvider")).contains("MatMul");
                assertThat(bound.placement().of("CUDAExecutionProvider")).isEmpty();
            }
        }
    }
}
