package io.rackmark.model.pull;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rackmark.model.ModelException;
import java.io.IOException;
import java.net.Proxy;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProxyTest {
    private static final URI HUB = URI.create("https://hub.example/x");
    private static final URI PLAIN = URI.create("http://hub.example/x");

    @TempDir private Path store;

    @Test
    void theVariablesMeanWhatTheyMeanToOtherPrograms() {
        assertThat(chosen(HUB, Map.of("HTTPS_PROXY", "http://p:3128"))).isEqualTo("p:3128");
        assertThat(chosen(PLAIN, Map.of("HTTPS_PROXY", "http://p:3128"))).isEqualTo("none");
        assertThat(chosen(PLAIN, Map.of("http_proxy", "p:3128"))).isEqualTo("p:3128");
        assertThat(chosen(HUB, Map.of("ALL_PROXY", "socks5://s"))).isEqualTo("s:1080");
        assertThat(chosen(HUB, Map.of("HTTPS_PROXY", "http://a", "https_proxy", "http://b:1")))
                .isEqualTo("b:1");
        assertThat(chosen(HUB, Map.of("HTTPS_PROXY", " "))).isEqualTo("none");
    }

    @Test
    void exceptionsAreHonoured() {
        Map<String, String> covering = new HashMap<>();
        for (String entry :
                List.of(
                        "hub.example",
                        ".example",
                        "*.example",
                        "example",
                        "*",
                        "a, hub.example:443")) {
            covering.put("HTTPS_PROXY", "http://p:1");
            covering.put("NO_PROXY", entry);
            assertThat(chosen(HUB, covering)).as(entry).isEqualTo("none");
        }
        for (String entry : List.of("ub.example", "other", "hub.example:444", "hub.example.org")) {
            covering.put("NO_PROXY", entry);
            assertThat(chosen(HUB, covering)).as(entry).isEqualTo("p:1");
        }
        covering.put("NO_PROXY", "10.0.0.0/8,fd00::/8");
        assertThat(chosen(URI.create("https://10.1.2.3/"), covering)).isEqualTo("none");
        assertThat(chosen(URI.create("https://11.1.2.3/"), covering)).isEqualTo("p:1");
        assertThat(chosen(URI.create("https://[fd00::1]/"), covering)).isEqualTo("none");
        assertThat(chosen(URI.create("https://localhost:8080/"), covering)).isEqualTo("none");
    }

    @Test
    void propertiesOfTheJvmGoFirst() {
        Properties system = new Properties();
        system.setProperty("https.proxyHost", "ignored-here");
        ProxyRules rules = ProxyRules.of(Map.of("HTTPS_PROXY", "http://p:1"), system);

        // The default selector reads the real properties, of which there are none in this JVM.
        assertThat(rules.select(HUB)).containsExactly(Proxy.NO_PROXY);
    }

    @Test
    void aVariableThatIsNoAddressIsRefusedWithoutBeingShown() {
        for (String value :
                List.of("https://p:3128", "ftp://p", "http://", "http://a b", "p:99999")) {
            assertThatThrownBy(() -> ProxyRules.of(Map.of("HTTPS_PROXY", value), new Properties()))
                    .isInstanceOf(ModelException.class)
                    .hasMessageStartingWith("HTTPS_PROXY is not the address of a proxy");
        }
    }

    @Test
    void aModelComesThroughAProxyThatWantsAPassword() throws IOException {
        byte[] weights = Pulls.weights(100_000, 1);
        try (FakeHub proxy =
                Pulls.hub(weights)
                        .next(
                                "",
                                FakeHub.status(
                                        407, "Proxy-Authenticate", "Basic realm=\"proxy\""))) {
            Map<String, String> environment =
                    Map.of(
                            "HTTP_PROXY",
                            "http://me:p%40ss@127.0.0.1:" + proxy.port(),
                            "HF_TOKEN",
                            Pulls.SECRET);
            Pulls.puller(
                            store,
                            Pulls.client("http://hub.example", environment),
                            1,
                            new Pulls.Pauses(),
                            PullListener.NONE)
                    .pull(PullRequest.of(Pulls.ID));

            assertThat(Pulls.stored(store)).isPresent();
            assertThat(proxy.asked())
                    .allSatisfy(
                            asked -> {
                                assertThat(asked.host()).isEqualTo("hub.example");
                                assertThat(asked.authorization()).isEmpty();
                            });
        }
    }

    @Test
    void faultsOfTheProxyNameIt() throws IOException {
        fails(
                Map.of("HTTP_PROXY", "http://me:secret@127.0.0.1:1"),
                "hub.example through the proxy 127.0.0.1:1 (from HTTP_PROXY)");
        fails(
                Map.of("HTTP_PROXY", "http://no-such-proxy.invalid:3128"),
                "the proxy's name is not known here");
        try (FakeHub proxy =
                new FakeHub()
                        .next("", FakeHub.status(407, "Proxy-Authenticate", "Basic realm=\"p\""))) {
            fails(
                    Map.of("HTTP_PROXY", "http://127.0.0.1:" + proxy.port()),
                    "wants a user and a password");
        }
    }

    private void fails(Map<String, String> environment, String message) {
        Puller puller =
                Pulls.puller(
                        store,
                        Pulls.client("http://hub.example", environment),
                        1,
                        new Pulls.Pauses(),
                        PullListener.NONE);
        assertThatThrownBy(() -> puller.pull(PullRequest.of(Pulls.ID)))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining(message)
                .hasMessageNotContaining("secret");
    }

    private static String chosen(URI uri, Map<String, String> environment) {
        Proxy proxy = ProxyRules.of(environment, new Properties()).select(uri).getFirst();
        return proxy.address() instanceof java.net.InetSocketAddress address
                ? address.getHostString() + ":" + address.getPort()
                : "none";
    }
}
