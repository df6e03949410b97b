package io.rackmark.engine.pytorch;

import static org.assertj.core.api.Assertions.assertThat;

import io.rackmark.engine.Precision;
import io.rackmark.engine.decoder.TokenModel;
import io.rackmark.model.safetensors.SafetensorsDtype;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which library multiplies matrices, in the words of the libraries themselves. */
class LibraryUsedTest {
    /** The feed-forward block's product: 5 positions of width 32 become 56 wide. */
    private static final String MKL = "MKL_VERBOSE SGEMM(T,N,56,5,32,";

    private static final String ONEDNN = "exec,cpu,inner_product";

    /** Scores of 5 positions in heads of width 8. */
    private static final String ATTENTION = "MKL_VERBOSE SGEMM(T,N,5,5,8,";

    @TempDir Path directory;

    /** Computes one prompt; both libraries tell of each call on standard output. */
    static final class OnePrompt {
        private OnePrompt() {}

        public static void main(String[] arguments) throws IOException {
            Map<String, String> options = Map.of("linear", arguments[1]);
            try (TokenModel model =
                    Models.open(Path.of(arguments[0]), Precision.of(arguments[2]), 1, options)) {
                model.prefill(0, new int[] {1, 2, 3, 4, 5}, true, Models.NEVER);
            }
        }
    }

    private String told(String linear, Precision precision) throws IOException {
        Path model =
                TinyCheckpoint.write(directory, TinyCheckpoint.Family.LLAMA, SafetensorsDtype.F32);
        ProcessBuilder builder =
                new ProcessBuilder(
                                List.of(
                                        Path.of(System.getProperty("java.home"), "bin", "java")
                                                .toString(),
                                        "--enable-native-access=ALL-UNNAMED",
                                        "-Drackmark.cache=" + System.getProperty("rackmark.cache"),
                                        "-cp",
                                        System.getProperty("java.class.path"),
                                        OnePrompt.class.getName(),
                                        model.toString(),
                                        linear,
                                        precision.label()))
                        .redirectErrorStream(true);
        builder.environment().putAll(Map.of("MKL_VERBOSE", "1", "ONEDNN_VERBOSE", "1"));
        Process process = builder.start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void stockLinearOfFloatsIsMkl() throws IOException {
        assertThat(told("stock", Precision.F32)).contains(MKL, ATTENTION).doesNotContain(ONEDNN);
    }

    @Test
    void oneDnnLinearIsOneDnnAndItsAttentionMkl() throws IOException {
        assertThat(told("onednn", Precision.F32)).contains(ONEDNN, ATTENTION).doesNotContain(MKL);
    }
}
