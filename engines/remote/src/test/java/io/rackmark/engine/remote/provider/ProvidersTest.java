package io.rackmark.engine.remote.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackmark.engine.remote.Dialect;
import io.rackmark.engine.remote.Usage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProvidersTest {
    @TempDir private Path folder;

    private Providers with(String yaml) throws Exception {
        return Providers.with(Files.writeString(folder.resolve("providers.yaml"), yaml));
    }

    @Test
    void theBuiltInProvidersHaveUsableAddresses() {
        Providers providers = Providers.builtIn();
        assertThat(providers.names())
                .contains(
                        "fireworks",
                        "baseten",
                        "openai",
                        "together",
                        "groq",
                        "cerebras",
                        "deepinfra",
                        "openrouter",
                        "mistral",
                        "huggingface",
                        "vllm",
                        "ollama",
                        "llama-server",
                        "tinygrad",
                        "custom");
        providers
                .byName()
                .forEach(
                        (name, provider) ->
                                assertThat(
                                                provider.endpoint(
                                                        name,
                                                        provider.url() == null
                                                                ? "http://localhost:1/v1"
                                                                : null,
                                                        Map.of()))
                                        .as(name)
                                        .isNotNull());
    }

    @Test
    void theUsersFileStandsOverTheBuiltInOneKeyByKey() throws Exception {
        Providers providers =
                with(
                        """
                        providers:
                          openai:
                            region: EU
                            models:
                              gpt-4o-mini:
                                price: {input: 0.15, output: 0.5, as-of: 2026-01-02, source: bill}
                          mine:
                            title: Mine
                            url: http://10.0.0.1/v1
                            key: MY_KEY
                            plain-key: true
                            dialect:
                              stream-usage: false
                              body: {top_k: 1}
                            models:
                              big:
                                dialect: {reasoning-effort: low}
                        """);
        Provider openai = providers.find("openai").orElseThrow();
        assertThat(openai.url()).isEqualTo("https://api.openai.com/v1");
        assertThat(openai.region()).isEqualTo("EU");
        assertThat(openai.price("gpt-4o-mini"))
                .get()
                .satisfies(
                        price -> {
                            assertThat(price.output()).isEqualTo(0.5);
                            assertThat(price.input()).isEqualTo(0.15);
                        });
        Dialect dialect = providers.find("mine").orElseThrow().dialect("big");
        assertThat(dialect.reasoningEffort()).isEqualTo("low");
        assertThat(dialect.streamUsage()).isFalse();
        assertThat(providers.find("mine").orElseThrow().missingKey(Map.of())).contains("MY_KEY");
        assertThat(providers.find("mine").orElseThrow().missingKey(Map.of("MY_KEY", "k")))
                .isEmpty();
    }

    @Test
    void faultsNameFileKeyAndWhatIsKnown() {
        assertThatThrownBy(() -> with("providers: {x: {title: X, adress: y}}"))
                .hasMessageContaining("providers.yaml")
                .hasMessageContaining("adress")
                .hasMessageContaining("url");
        assertThatThrownBy(() -> with("providers: [")).hasMessageContaining("not YAML");
        assertThatThrownBy(() -> with("- a")).hasMessageContaining("providers:");
        assertThatThrownBy(() -> with("providers: {x: {url: 'http://h/v1'}}"))
                .hasMessageContaining("title");
        assertThatThrownBy(
                        () ->
                                with(
                                        "providers: {x: {title: X, dialect: {headers:"
                                                + " {Authorization: k}}}}"))
                .hasMessageContaining("headers must not hold an authorisation");
        assertThatThrownBy(() -> Providers.with(folder.resolve("absent.yaml")))
                .hasMessageContaining("cannot read");
    }

    @Test
    void costIsTokensTimesPriceAndUnknownIsNotZero() {
        Price price = new Price(1.0, 0.25, 4.0, LocalDate.of(2026, 1, 1), "list");
        assertThat(price.dollars(new Usage(1000, 100, 400, null)))
                .isEqualTo((600 * 1.0 + 400 * 0.25 + 100 * 4.0) / 1e6);
        assertThat(price.dollars(new Usage(1000, 100, null, null)))
                .isEqualTo((1000 * 1.0 + 100 * 4.0) / 1e6);
        assertThat(price.dollars(new Usage(null, 100, null, null))).isNull();
        assertThat(price.dollars(null)).isNull();
        assertThat(
                        new Price(1.0, null, 4.0, LocalDate.of(2026, 1, 1), "list")
                                .dollars(new Usage(10, 0, 10, null)))
                .isEqualTo(10 / 1e6);
        assertThat(Providers.builtIn().find("fireworks").orElseThrow().price("any")).isEmpty();
    }
}
