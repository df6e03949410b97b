package io.rackmark.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.rackmark.runner.InstalledCli.Outcome;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pulling over https: what Java does not trust is refused, and so is a way out of encryption. */
class PullTlsIT {
    private static final String PASSWORD = "changeit";

    @TempDir private Path folder;

    @Test
    void anUntrustedHubIsRefusedAndATrustedOneMustNotLeadOutOfEncryption() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        HttpServer plain = HttpServer.create(anyPort, 0);
        plain.createContext(
                "/",
                exchange -> {
                    asked.incrementAndGet();
                    exchange.sendResponseHeaders(404, -1);
                });
        plain.start();
        Path keys = keys();
        HttpsServer hub = HttpsServer.create(anyPort, 0);
        hub.setHttpsConfigurator(new HttpsConfigurator(context(keys)));
        hub.createContext(
                "/",
                exchange -> {
                    exchange.getResponseHeaders()
                            .set("Location", "http://127.0.0.1:" + plain.getAddress().getPort());
                    exchange.sendResponseHeaders(302, -1);
                    exchange.close();
                });
        hub.start();
        try {
            InstalledCli cli =
                    new InstalledCli(folder)
                            .with("HF_ENDPOINT", "https://127.0.0.1:" + hub.getAddress().getPort());

            Outcome untrusted = cli.run("models", "pull", "acme/tiny");
            assertThat(untrusted.exit()).isEqualTo(3);
            assertThat(untrusted.err().lines()).hasSize(1);
            assertThat(untrusted.err()).contains("is not trusted", "trust store");

            cli.with(
                    "JDK_JAVA_OPTIONS",
                    "-Djavax.net.ssl.trustStore=%s -Djavax.net.ssl.trustStorePassword=%s"
                            .formatted(keys, PASSWORD));
            Outcome downgraded = cli.run("models", "pull", "acme/tiny");
            assertThat(downgraded.exit()).isEqualTo(3);
            assertThat(downgraded.err()).contains("without encryption");
            assertThat(asked).hasValue(0);
        } finally {
            hub.stop(0);
            plain.stop(0);
        }
    }

    /** A certificate for this machine that nobody else trusts. */
    private Path keys() throws Exception {
        Path keys = folder.resolve("keys.p12");
        Process keytool =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-keyalg",
                                "RSA",
                                "-dname",
                                "CN=localhost",
                                "-ext",
                                "san=ip:127.0.0.1",
                                "-storetype",
                                "PKCS12",
                                "-keystore",
                                keys.toString(),
                                "-storepass",
                                PASSWORD)
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("keytool").toFile())
                        .start();
        assertThat(keytool.waitFor()).isZero();
        return keys;
    }

    private static SSLContext context(Path keys) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            store.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory managers =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }
}
