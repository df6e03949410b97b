package io.rackmark.engine.decoder;

import io.rackmark.engine.EngineException;
import io.rackmark.engine.EngineException.Kind;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What turns text into ids and back for one checkpoint. */
final class TextSide implements AutoCloseable {
    private final Tokenizer tokenizer;
    private final TokenTable table;
    private final @Nullable ChatTemplate template;
    private final EndTokens ends;

    private TextSide(
            Tokenizer tokenizer,
            TokenTable table,
            @Nullable ChatTemplate template,
            EndTokens ends) {
        this.tokenizer = tokenizer;
        this.table = table;
        this.template = template;
        this.ends = ends;
    }

    static TextSide read(Path checkpoint) {
        TokenizerConfig config = TokenizerConfig.read(checkpoint);
        TokenTable table = TokenTable.read(checkpoint.resolve("tokenizer.json"));
        String source = config.chatTemplate();
        ChatTemplate template =
                source == null
                        ? null
                        : new ChatTemplate(source, config.bosToken(), config.eosToken());
        Set<Integer> ends = new HashSet<>(config.endIds());
        ends.add(table.id(config.eosToken()));
        ends.removeIf(id -> id < 0);
        Tokenizer tokenizer =
                Tokenizer.open(
                        checkpoint.resolve("tokenizer.json"),
                        config.addBos(),
                        table.id(config.bosToken()));
        return new TextSide(tokenizer, table, template, new EndTokens(ends));
    }

    Tokenizer tokenizer() {
        return tokenizer;
    }

    Detokenizer detokenizer() {
        return new Detokenizer(table);
    }

    TokenTable table() {
        return table;
    }

    ChatTemplate template() {
        if (template == null) {
            throw new EngineException(
                    Kind.BAD_REQUEST,
                    "the checkpoint has no chat template in tokenizer_config.json: give a text"
                            + " prompt instead of a chat");
        }
        return template;
    }

    EndTokens ends() {
        return ends;
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
