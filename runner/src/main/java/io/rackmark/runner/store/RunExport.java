package io.rackmark.runner.store;

import io.rackmark.runner.result.CellRecord;
import io.rackmark.runner.result.EnergyRecord;
import io.rackmark.runner.result.QuestionRecord;
import io.rackmark.runner.result.RequestRecord;
import io.rackmark.runner.result.RunRecord;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One run as one JSON document, described by {@code results/schema/run-v1.schema.json}. Differences
 * to the records: token times count from the sending of their request, and the plan is an object.
 */
public final class RunExport {
    /** Value of the {@code format} member. */
    public static final String FORMAT = "rackmark-run";

    /** Value of the {@code version} member. */
    public static final int VERSION = 1;

    /** Far above any run; keeps a wrong file from filling the memory. */
    private static final long MAX_FILE_BYTES = 1L << 30;

    private static final Set<String> MEMBERS =
            Set.of("format", "version", "run", "cells", "requests", "questions", "energy");
    private static final String TOKENS = "tokenNanos";
    private static final String PACED = "pacedNanos";
    private static final String TOKENS_AFTER_SENT = "tokenNanosAfterSent";
    private static final ObjectWriter WRITER =
            RecordJson.EXPORTED
                    .writer()
                    .with(new DefaultPrettyPrinter())
                    .without(StreamWriteFeature.AUTO_CLOSE_TARGET);

    private RunExport() {}

    /** Writes a run; the file appears complete or not at all. */
    public static void write(ResultStore store, String runId, Path file) {
        Path target = file.toAbsolutePath();
        Path part = target.resolveSibling(target.getFileName() + ".part");
        try {
            try (BufferedWriter out = Files.newBufferedWriter(part)) {
                write(store, runId, out);
            }
            Files.move(part, target, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new StoreException(
                    "Run %s cannot be exported to %s (%s); check the directory and the free space."
                            .formatted(runId, target, e.getMessage()),
                    e);
        }
    }

    /** Writes a run and leaves the writer open. */
    public static void write(ResultStore store, String runId, Writer out) {
        RunRecord run = store.find(runId);
        try (JsonGenerator json = WRITER.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringProperty("format", FORMAT);
            json.writeNumberProperty("version", VERSION);
            json.writeName("run");
            json.writeTree(run(run));
            json.writeArrayPropertyStart("cells");
            store.cells(run.id()).forEach(json::writePOJO);
            json.writeEndArray();
            json.writeArrayPropertyStart("requests");
            store.requests(run.id()).forEach(request -> json.writeTree(request(request)));
            json.writeEndArray();
            json.writeArrayPropertyStart("questions");
            store.questions(run.id()).forEach(json::writePOJO);
            json.writeEndArray();
            json.writeArrayPropertyStart("energy");
            store.energy(run.id()).forEach(json::writePOJO);
            json.writeEndArray();
            json.writeEndObject();
            json.writeRaw('\n');
        }
    }

    /** Reads an export back to the records it was made of. */
    public static RunDocument read(Path file) {
        try {
            if (Files.size(file) > MAX_FILE_BYTES) {
                throw new IllegalArgumentException("larger than 1 GiB");
            }
            RunDocument document = document(RecordJson.EXPORTED.readTree(file));
            RecordJson.requireComplete(document, "export");
            return document;
        } catch (IOException | JacksonException | IllegalArgumentException e) {
            throw new StoreException(
                    "%s is not an exported run (%s); give a file made by `rackmark results export`."
                            .formatted(file, StoreFaults.firstLine(e)),
                    e);
        }
    }

    private static ObjectNode run(RunRecord run) {
        ObjectNode node = RecordJson.EXPORTED.valueToTree(run);
        node.set("plan", RecordJson.EXPORTED.readTree(run.plan()));
        return node;
    }

    private static ObjectNode request(RequestRecord request) {
        ObjectNode node = RecordJson.EXPORTED.createObjectNode();
        ObjectNode all = RecordJson.EXPORTED.valueToTree(request);
        for (var member : all.properties()) {
            if (member.getKey().equals(TOKENS)) {
                ArrayNode after = node.putArray(TOKENS_AFTER_SENT);
                request.tokenNanos().forEach(nanos -> after.add(nanos - request.sentNanos()));
            } else {
                node.set(member.getKey(), member.getValue());
            }
        }
        return node;
    }

    private static RunDocument document(JsonNode root) {
        if (!root.path("format").asString("").equals(FORMAT)) {
            throw new IllegalArgumentException("its format is not '%s'".formatted(FORMAT));
        }
        if (root.path("version").asInt(0) != VERSION) {
            throw new IllegalArgumentException(
                    "its version is %s, this program reads %d"
                            .formatted(root.path("version"), VERSION));
        }
        for (String name : root.propertyNames()) {
            if (!MEMBERS.contains(name)) {
                throw new IllegalArgumentException("unknown member '%s'".formatted(name));
            }
        }
        List<RequestRecord> requests = new ArrayList<>();
        array(root, "requests").forEach(node -> requests.add(request(object(node))));
        return new RunDocument(
                run(object(root.path("run"))),
                list(root, "cells", CellRecord.class),
                requests,
                questions(root),
                root.has("energy") ? list(root, "energy", EnergyRecord.class) : List.of());
    }

    private static RunRecord run(ObjectNode node) {
        node.put("plan", RecordJson.EXPORTED.writeValueAsString(object(node.path("plan"))));
        return RecordJson.EXPORTED.treeToValue(node, RunRecord.class);
    }

    private static RequestRecord request(ObjectNode node) {
        long sent = node.path("sentNanos").asLong();
        ArrayNode tokens = RecordJson.EXPORTED.createArrayNode();
        array(node, TOKENS_AFTER_SENT).forEach(after -> tokens.add(sent + after.asLong()));
        node.remove(TOKENS_AFTER_SENT);
        node.set(TOKENS, tokens);
        if (node.path("phases") instanceof ObjectNode phases && !phases.has("fillNanos")) {
            phases.putNull("fillNanos"); // of an earlier program
        }
        if (!node.has("remote")) {
            node.putNull("remote"); // written before endpoints were measured
        }
        if (node.path("remote") instanceof ObjectNode remote) {
            nullWhereAbsent(remote, PACED);
        }
        return RecordJson.EXPORTED.treeToValue(node, RequestRecord.class);
    }

    /** Exports of earlier programs know neither pacing nor when a question was asked. */
    private static List<QuestionRecord> questions(JsonNode root) {
        for (JsonNode question : array(root, "questions")) {
            if (question.path("ledger") instanceof ObjectNode ledger) {
                nullWhereAbsent(ledger, "startedNanos");
                nullWhereAbsent(ledger, PACED);
                for (JsonNode turn : ledger.path("turns")) {
                    if (turn.path("cost") instanceof ObjectNode cost) {
                        nullWhereAbsent(cost, PACED);
                    }
                }
            }
        }
        return list(root, "questions", QuestionRecord.class);
    }

    private static void nullWhereAbsent(ObjectNode node, String member) {
        if (!node.has(member)) {
            node.putNull(member);
        }
    }

    private static <T> List<T> list(JsonNode root, String name, Class<T> type) {
        List<T> values = new ArrayList<>();
        array(root, name).forEach(node -> values.add(RecordJson.EXPORTED.treeToValue(node, type)));
        return values;
    }

    private static ArrayNode array(JsonNode parent, String name) {
        if (parent.path(name) instanceof ArrayNode array) {
            return array;
        }
        throw new IllegalArgumentException("member '%s' is not an array".formatted(name));
    }

    private static ObjectNode object(JsonNode node) {
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw new IllegalArgumentException("an object is missing");
    }
}
