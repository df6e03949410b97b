package io.rackmark.engine.llamacpp;

import io.rackmark.engine.EngineException;
import io.rackmark.engine.LoadOptions;
import io.rackmark.engine.decoder.TokenModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Main of a child process: loads a GGUF again and again, each time damaged in another way, and
 * prints how many loads were refused. A native abort ends it with another exit code; the file that
 * did it is left behind.
 *
 * <p>Arguments: the sound GGUF, a directory to write to, the length of its header in bytes, a seed,
 * the number of loads, and a library unless it is the shipped one.
 */
final class DamagedFiles {
    private DamagedFiles() {}

    public static void main(String[] args) throws IOException {
        byte[] sound = Files.readAllBytes(Path.of(args[0]));
        Path damaged = Path.of(args[1]).resolve("damaged.gguf");
        int header = Integer.parseInt(args[2]);
        Random random = new Random(Long.parseLong(args[3]));
        int loads = Integer.parseInt(args[4]);
        LlamaEngine engine =
                new Models(args.length > 5 ? Optional.of(Path.of(args[5])) : Optional.empty())
                        .engine(Map.of());
        int refused = 0;
        for (int i = 0; i < loads; i++) {
            Files.write(damaged, damage(sound, header, random));
            if (!loadsAndRuns(engine, damaged)) {
                refused++;
            }
        }
        System.out.printf("refused %d of %d%n", refused, loads);
    }

    private static byte[] damage(byte[] sound, int header, Random random) {
        byte[] content = sound.clone();
        switch (random.nextInt(4)) {
            case 0 -> {
                return Arrays.copyOf(content, random.nextInt(content.length));
            }
            case 1 -> content[random.nextInt(header)] = (byte) random.nextInt();
            case 2 -> {
                for (int i = 0; i < 4; i++) {
                    content[random.nextInt(header)] ^= (byte) (1 << random.nextInt(8));
                }
            }
            default -> content[random.nextInt(header)] ^= (byte) (1 << random.nextInt(8));
        }
        return content;
    }

    private static boolean loadsAndRuns(LlamaEngine engine, Path file) {
        try (TokenModel model =
                engine.openTokenModel(Models.files(file), new LoadOptions(32, 2, 1, "cpu"))) {
            int token = model.shape().vocabulary() - 1;
            model.prefill(0, new int[] {0, token, 1}, true, Models.NEVER);
            model.decode(new int[] {0}, new int[] {token});
            return true;
        } catch (EngineException e) {
            if (e.kind() == EngineException.Kind.BAD_MODEL
                    || e.kind() == EngineException.Kind.OUT_OF_MEMORY) {
                return false;
            }
            throw e;
        }
    }
}
