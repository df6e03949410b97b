package io.rackmark.runner.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackmark.runner.result.CellRecord;
import io.rackmark.runner.result.Flag;
import io.rackmark.runner.result.LifeCycle;
import io.rackmark.runner.result.QuestionLedger;
import io.rackmark.runner.result.RemoteTrace;
import io.rackmark.runner.result.RequestRecord;
import io.rackmark.runner.result.RunRecord;
import io.rackmark.runner.result.SqlExecution;
import io.rackmark.runner.result.TurnCost;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The published schema of exports has every word that the records have. */
class ExportSchemaTest {
    private static final JsonNode SCHEMA =
            JsonMapper.shared()
                    .readTree(
                            Path.of(System.getProperty("rackmark.source"))
                                    .resolve("results/schema/run-v1.schema.json"));

    @Test
    void everyWordOfTheRecordsIsInTheSchema() {
        same("run/properties/state", RunRecord.State.values());
        same("flag/properties/kind", Flag.Kind.values());
        same("cell/properties/state", CellRecord.State.values());
        same("lifeCycle/properties/pageCache", LifeCycle.PageCache.values());
        same("request/properties/phase", RequestRecord.Phase.values());
        same("request/properties/state", RequestRecord.State.values());
        same("ledger/properties/outcome", QuestionLedger.Outcome.values());
        same("execution/properties/kind", SqlExecution.Kind.values());
    }

    @Test
    void everyMemberOfWhatIsKeptOfAQuestionIsInTheSchema() {
        members("ledger", QuestionLedger.class);
        members("cost", TurnCost.class);
        members("remoteTrace", RemoteTrace.class);
    }

    private static void members(String name, Class<? extends Record> type) {
        assertThat(SCHEMA.at("/$defs/" + name + "/properties").propertyNames())
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(type.getRecordComponents())
                                .map(component -> component.getName())
                                .toList());
    }

    private static void same(String path, Enum<?>[] words) {
        assertThat(SCHEMA.at("/$defs/" + path + "/enum").valueStream().map(JsonNode::asString))
                .as(path)
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(words).map(Enum::name).toList());
    }
}
