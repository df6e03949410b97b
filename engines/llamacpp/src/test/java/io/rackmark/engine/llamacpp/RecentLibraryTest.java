package io.rackmark.engine.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackmark.engine.Availability;
import io.rackmark.engine.Fact;
import io.rackmark.engine.OptionValues;
import io.rackmark.engine.testkit.Requirements;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same again with a library of the other layout, and the family that only it knows. */
@Requirements.RecentLlamaCpp
class RecentLibraryTest {

    @Test
    void itsLayoutIsFoundAndItIsIdentified() {
        LlamaCppProvider provider = new LlamaCppProvider();
        Map<String, String> options = Models.recent().options(Map.of());
        assertThat(provider.probe(OptionValues.parse(provider.describe(), options)))
                .isInstanceOfSatisfying(
                        Availability.Available.class,
                        available -> {
                            assertThat(available.facts())
                                    .contains(
                                            new Fact("abi", "b10573"),
                                            new Fact("library-source", "user"))
                                    .extracting(Fact::name)
                                    .contains("llama-version", "ggml-version", "ggml-commit");
                            assertThat(available.version()).isNotEqualTo("b4916");
                        });
    }

    @Nested
    class Contract extends LlamaCppContractTest {
        @Override
        public Map<String, String> options() {
            return Models.recent().options(Map.of());
        }
    }

    @Nested
    class TokenModels extends LlamaTokenModelTest {
        @Override
        Models models() {
            return Models.recent();
        }

        /** Each sequence has its own cells, in blocks of 256. */
        @Override
        long cachedTokens() {
            return 3L * 256;
        }
    }

    @Nested
    class Families extends FamiliesTest {
        @Override
        Models models() {
            return Models.recent();
        }

        @Test
        @Override
        void aFamilyYoungerThanTheLibraryIsRefusedInOneSentence() throws IOException {
            assertLogitsOfTheReference("qwen3"); // which this library knows
        }
    }

    @Nested
    class Tokenization extends TokenizationTest {
        @Override
        Models models() {
            return Models.recent();
        }

        @ParameterizedTest
        @ValueSource(strings = "qwen3")
        void plainTextOfAYoungerFamilyGivesTheSameIds(String name) throws IOException {
            assertPlainTextGivesTheSameIds(name);
        }
    }

    @Nested
    class Memory extends MemoryTest {
        @Override
        Models models() {
            return Models.recent();
        }
    }
}
