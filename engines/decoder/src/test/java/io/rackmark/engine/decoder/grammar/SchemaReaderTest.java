package io.rackmark.engine.decoder.grammar;

import static io.rackmark.engine.decoder.grammar.Recognizer.fits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackmark.engine.EngineException;
import org.junit.jupiter.api.Test;

class SchemaReaderTest {
    private static final String ANSWER =
            """
            {"type": "object", "title": "an answer",
             "properties": {
               "sql": {"type": "string"},
               "note": {"type": ["string", "null"]},
               "rows": {"type": "integer"}},
             "required": ["sql", "rows"], "additionalProperties": false}
            """;

    @Test
    void membersComeInTheOrderOfTheSchemaAndOptionalOnesMayBeMissing() {
        assertThat(fits(ANSWER, "{\"sql\":\"x\",\"note\":null,\"rows\":1}")).isTrue();
        assertThat(fits(ANSWER, "{ \"sql\": \"x\",\n \"rows\": -12 }")).isTrue();
        assertThat(fits(ANSWER, "{\"sql\":\"x\"}")).isFalse();
        assertThat(fits(ANSWER, "{}")).isFalse();
        assertThat(fits(ANSWER, "{\"rows\":1,\"sql\":\"x\"}")).isFalse();
        assertThat(fits(ANSWER, "{\"sql\":\"x\",\"rows\":1,\"more\":2}")).isFalse();
        assertThat(fits(ANSWER, "{\"sql\":\"x\",\"rows\":1.5}")).isFalse();
        assertThat(fits(ANSWER, "{\"sql\":\"x\",\"rows\":1,}")).isFalse();
        assertThat(fits(ANSWER, "{\"sql\":\"x\" \"rows\":1}")).isFalse();
    }

    @Test
    void allMembersMayBeOptional() {
        String schema = "{\"properties\":{\"a\":{\"const\":1},\"ab\":{\"const\":2}}}";
        for (String good : new String[] {"{}", "{\"a\":1}", "{\"ab\":2}", "{\"a\":1,\"ab\":2}"}) {
            assertThat(fits(schema, good)).as(good).isTrue();
        }
        assertThat(fits(schema, "{\"a\":1,}")).isFalse();
        assertThat(fits(schema, "{\"ab\":2,\"a\":1}")).isFalse();
    }

    @Test
    void aRequiredMemberThatIsNotListedMayBeAnything() {
        assertThat(fits("{\"required\":[\"x\"]}", "{\"x\":[{}]}")).isTrue();
        assertThat(fits("{\"required\":[\"x\"]}", "{}")).isFalse();
    }

    @Test
    void valuesOfAnEnumAreSpeltAsJson() {
        String schema = "{\"enum\": [\"a\\\"b\", \"ab\", 3, null, [1, {\"k\": \"ü\"}]]}";
        for (String good :
                new String[] {"\"a\\\"b\"", "\"ab\"", "3", "null", "[1,{\"k\":\"ü\"}]"}) {
            assertThat(fits(schema, good)).as(good).isTrue();
        }
        assertThat(fits(schema, "\"a\"")).isFalse();
        assertThat(fits(schema, "33")).isFalse();
        assertThat(fits("{\"type\":\"string\",\"enum\":[\"a\",1]}", "1")).isFalse();
        assertThat(fits("{\"const\":1.5}", "1.5")).isTrue();
    }

    @Test
    void arraysHoldTheirItems() {
        String schema = "{\"type\":\"array\",\"items\":{\"type\":\"boolean\"}}";
        assertThat(fits(schema, "[]")).isTrue();
        assertThat(fits(schema, "[true, false]")).isTrue();
        assertThat(fits(schema, "[true, 1]")).isFalse();
        assertThat(fits("{\"type\":\"array\"}", "[1,\"a\",{}]")).isTrue();
    }

    @Test
    void alternativesThatBeginAlikeAreToldApartLater() {
        String schema =
                """
                {"anyOf": [
                  {"type": "object", "properties": {"kind": {"const": "a"}, "x": {"type": "number"}},
                   "required": ["kind", "x"]},
                  {"type": "object", "properties": {"kind": {"const": "ab"}},
                   "required": ["kind"]},
                  {"type": "null"}]}
                """;
        assertThat(fits(schema, "{\"kind\":\"a\",\"x\":1}")).isTrue();
        assertThat(fits(schema, "{\"kind\":\"ab\"}")).isTrue();
        assertThat(fits(schema, "null")).isTrue();
        assertThat(fits(schema, "{\"kind\":\"ab\",\"x\":1}")).isFalse();
        assertThat(fits(schema, "{\"kind\":\"a\"}")).isFalse();
    }

    @Test
    void aSchemaMayContainItself() {
        String schema =
                """
                {"$ref": "#/$defs/tree", "$defs": {"tree": {"type": "object",
                  "properties": {"left": {"anyOf": [{"$ref": "#/$defs/tree"}, {"type": "null"}]}},
                  "required": ["left"], "additionalProperties": false}}}
                """;
        assertThat(fits(schema, "{\"left\":{\"left\":null}}")).isTrue();
        assertThat(fits(schema, "{\"left\":{}}")).isFalse();
    }

    @Test
    void anythingFitsTheEmptySchema() {
        for (String good : new String[] {"1", "\"a\"", "[null]", "{\"a\":{}}", "true"}) {
            assertThat(fits("{}", good)).as(good).isTrue();
            assertThat(fits("true", good)).as(good).isTrue();
        }
    }

    @Test
    void whatIsNotSupportedIsNamedWithItsPlace() {
        refused(
                "{\"properties\":{\"a\":{\"type\":\"string\",\"pattern\":\"x\"}}}",
                "keyword 'pattern' at #/properties/a is not supported; supported: type,");
        refused("{\"type\":\"integer\",\"minimum\":3}", "'minimum' at #");
        refused("{\"type\":\"number\",\"oneOf\":[]}", "'oneOf' at #");
        refused("{\"anyOf\":[{}],\"type\":\"object\"}", "'type' beside 'anyOf'");
        refused(
                "{\"type\":\"object\",\"additionalProperties\":{\"type\":\"string\"}}",
                "'additionalProperties' at # is supported as true or false only");
    }

    @Test
    void whatNothingFitsIsRefused() {
        refused("{\"type\":\"text\"}", "'text'; known: object");
        refused("{\"type\":\"string\",\"enum\":[1]}", "allows no value at #");
        refused("{\"anyOf\":[]}", "#/anyOf");
        refused("false", "what is not a schema");
        refused("3", "what is not a schema");
        refused("{\"type\":", "is not JSON");
        refused("{\"$ref\":\"#/$defs/x\"}", "'#/$defs/x'");
        refused("{\"$ref\":\"#\"}", "to itself");
        refused(
                "{\"type\":\"object\",\"required\":[\"x\"],\"additionalProperties\":false}",
                "requires 'x'");
        refused("{\"items\":".repeat(100) + "{}" + "}".repeat(100), "nests deeper than 64");
    }

    private static void refused(String schema, String fault) {
        assertThatThrownBy(() -> SchemaReader.read(schema))
                .as(schema)
                .isInstanceOfSatisfying(
                        EngineException.class,
                        e -> assertThat(e.kind()).isEqualTo(EngineException.Kind.BAD_REQUEST))
                .hasMessageContaining(fault);
    }
}
