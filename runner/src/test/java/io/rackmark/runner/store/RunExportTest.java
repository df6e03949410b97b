package io.rackmark.runner.store;

import static io.rackmark.runner.store.SampleRecords.RUN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.rackmark.runner.result.QuestionLedger;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class RunExportTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir private Path directory;
    private ResultStore store;
    private Path file;

    @BeforeEach
    void fill() {
        store = ResultStore.open(directory.resolve("results.db"));
        SampleRecords.fill(store);
        file = directory.resolve("run.json");
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static Schema schema() throws Exception {
        Path source =
                Path.of(System.getProperty("rackmark.source"), "results/schema/run-v1.schema.json");
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(Files.readString(source), InputFormat.JSON);
    }

    private String text() {
        StringWriter out = new StringWriter();
        RunExport.write(store, RUN, out);
        return out.toString();
    }

    @Test
    void anExportReadsBackToTheSameRecords() {
        RunExport.write(store, RUN, file);
        RunDocument document = RunExport.read(file);
        assertThat(document.run()).isEqualTo(store.find(RUN));
        assertThat(document.cells()).isEqualTo(store.cells(RUN));
        assertThat(document.requests()).isEqualTo(store.requests(RUN)).hasSize(2);
        assertThat(document.questions()).isEqualTo(store.questions(RUN)).hasSize(1);
        assertThat(document.energy()).isEqualTo(store.energy(RUN)).hasSize(1);
        assertThat(directory).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void anExportKeepsToThePublishedSchema() throws Exception {
        assertThat(schema().validate(text(), InputFormat.JSON)).isEmpty();
    }

    @Test
    void exportsOfTheSameRunAreTheSameBytes() {
        assertThat(text())
                .isEqualTo(text())
                .doesNotContainPattern("[\\x00-\\x09\\x0b-\\x1f]")
                .endsWith("}\n");
    }

    @Test
    void membersComeInTheOrderOfDeclaration() {
        JsonNode root = JSON.readTree(text());
        assertThat(root.propertyNames())
                .containsExactly(
                        "format", "version", "run", "cells", "requests", "questions", "energy");
        assertThat(root.get("run").propertyNames())
                .containsExactly(
                        "id",
                        "metricsVersion",
                        "rackmarkVersion",
                        "started",
                        "ended",
                        "state",
                        "plan",
                        "systems",
                        "environment",
                        "flags");
        assertThat(root.at("/run/started").stringValue())
                .isEqualTo("2026-11-23T22:15:00.123456789Z");
        assertThat(root.at("/run/ended").isNull()).isTrue();
        assertThat(root.at("/run/plan/temperature").toString()).isEqualTo("0.1");
    }

    @Test
    void tokenTimesCountFromTheSendingOfTheirRequest() {
        JsonNode request = JSON.readTree(text()).at("/requests/0");
        assertThat(request.get("tokenNanosAfterSent").toString())
                .isEqualTo("[20000000,25000000,40000000]");
        assertThat(request.has("tokenNanos")).isFalse();
    }

    @Test
    void everyObjectOfTheSchemaRefusesUnknownAndMissingMembers() throws Exception {
        Schema schema = schema();
        JsonNode root = JSON.readTree(text());
        List<String> objects =
                List.of(
                        "",
                        "/run",
                        "/run/systems/0",
                        "/run/environment",
                        "/run/environment/more/0",
                        "/run/flags/0",
                        "/cells/0",
                        "/cells/0/key",
                        "/cells/0/lifeCycle",
                        "/cells/0/memory",
                        "/cells/1/failure",
                        "/requests/0",
                        "/requests/0/phases",
                        "/questions/0",
                        "/questions/0/ledger",
                        "/questions/0/ledger/turns/0",
                        "/questions/0/ledger/turns/0/newMessages/0",
                        "/questions/0/ledger/turns/0/execution",
                        "/questions/0/ledger/turns/0/cost",
                        "/energy/0",
                        "/energy/0/idle",
                        "/energy/0/series/0",
                        "/energy/0/series/0/channel",
                        "/energy/0/unmeasured/0");
        for (String path : objects) {
            JsonNode more = root.deepCopy();
            ((ObjectNode) more.at(path)).put("surplus", 1);
            assertThat(schema.validate(more)).as("surplus member in '%s'", path).isNotEmpty();
            JsonNode less = root.deepCopy();
            ObjectNode object = (ObjectNode) less.at(path);
            object.remove(object.propertyNames().iterator().next());
            assertThat(schema.validate(less)).as("missing member in '%s'", path).isNotEmpty();
        }
    }

    @Test
    void aDocumentThatIsNoExportIsOneSentence() throws Exception {
        for (String text : List.of("", "[]", "{}", "{\"format\":\"rackmark-run\",\"version\":2}")) {
            assertRejected(text, "is not an exported run");
        }
        ObjectNode surplus = (ObjectNode) JSON.readTree(text());
        surplus.put("surplus", 1);
        assertRejected(surplus.toString(), "unknown member 'surplus'");
        ObjectNode nested = (ObjectNode) JSON.readTree(text());
        ((ObjectNode) nested.at("/cells/0")).put("surplus", 1);
        assertRejected(nested.toString(), "surplus");
        ObjectNode missing = (ObjectNode) JSON.readTree(text());
        ((ObjectNode) missing.at("/run")).remove("ended");
        assertRejected(missing.toString(), "ended");
        ObjectNode empty = (ObjectNode) JSON.readTree(text());
        ((ObjectNode) empty.at("/questions/0/ledger/turns/0/cost")).putNull("refusals");
        assertRejected(empty.toString(), "refusals");
        ObjectNode nameless = (ObjectNode) JSON.readTree(text());
        ((ObjectNode) nameless.at("/run/systems/0")).putNull("engine");
        assertRejected(nameless.toString(), "export.run.systems[0].engine is null");
        ObjectNode text = (ObjectNode) JSON.readTree(text());
        ((ArrayNode) text.at("/requests/0/tokenNanosAfterSent")).add("soon");
        assertRejected(text.toString(), "is not an exported run");
    }

    private void assertRejected(String text, String sentence) throws Exception {
        Files.writeString(file, text);
        assertThatThrownBy(() -> RunExport.read(file))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(sentence)
                .hasMessageNotContaining("\n");
    }

    @Test
    void anExportFromBeforeEnergyWasMeasuredIsReadAndKeepsToTheSchema() throws Exception {
        ObjectNode old = (ObjectNode) JSON.readTree(text());
        old.remove("energy");
        Files.writeString(file, old.toString());

        assertThat(schema().validate(old)).isEmpty();
        assertThat(RunExport.read(file).energy()).isEmpty();
    }

    @Test
    void anExportFromBeforePacingIsReadAndKeepsToTheSchema() throws Exception {
        ObjectNode old = (ObjectNode) JSON.readTree(text());
        ObjectNode ledger = (ObjectNode) old.at("/questions/0/ledger");
        ledger.remove("startedNanos");
        ledger.remove("pacedNanos");
        ((ObjectNode) ledger.at("/turns/0/cost")).remove("pacedNanos");
        Files.writeString(file, old.toString());

        assertThat(schema().validate(old)).isEmpty();
        QuestionLedger read = RunExport.read(file).questions().getFirst().ledger();
        assertThat(read.startedNanos()).isNull();
        assertThat(read.pacedNanos()).isNull();
        assertThat(read.turns().getFirst().cost().pacedNanos()).isNull();
    }

    @Test
    void anExportToNowhereIsOneSentence() {
        assertThatThrownBy(() -> RunExport.write(store, RUN, directory.resolve("no/run.json")))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("cannot be exported to");
    }
}
