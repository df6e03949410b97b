package io.rackmark.engine.decoder;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.LegacyOverrides;
import com.hubspot.jinjava.interpret.Context.Library;
import com.hubspot.jinjava.interpret.RenderResult;
import com.hubspot.jinjava.interpret.TemplateError;
import io.rackmark.engine.EngineException;
import io.rackmark.engine.EngineException.Kind;
import io.rackmark.engine.Message;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The chat template of a checkpoint, rendered as Hugging Face's {@code apply_chat_template} does
 * with {@code add_generation_prompt}. Messages are data and never read as template text. The
 * template itself is untrusted: it reaches no file, no class and no more memory than is bounded
 * here. Thread-safe.
 */
public final class ChatTemplate {
    private static final long MAX_OUTPUT = 16L << 20;
    private static final int MAX_DEPTH = 20;

    private final Jinjava jinjava;
    private final String source;
    private final String bosToken;
    private final String eosToken;

    /**
     * @param source Jinja text
     * @param bosToken empty when the model has none
     * @param eosToken empty when the model has none
     */
    public ChatTemplate(String source, String bosToken, String eosToken) {
        this.source = TemplateSource.adapted(source);
        this.bosToken = bosToken;
        this.eosToken = eosToken;
        this.jinjava = new Jinjava(config());
        TemplateFunctions.register(jinjava.getGlobalContext());
        jinjava.setResourceLocator(
                (name, encoding, interpreter) -> {
                    throw new com.hubspot.jinjava.loader.ResourceNotFoundException(
                            "a chat template loads no other file: " + name);
                });
    }

    private static JinjavaConfig config() {
        return JinjavaConfig.newBuilder()
                .withTrimBlocks(true)
                .withLstripBlocks(true)
                .withKeepTrailingNewline(true)
                .withNestedInterpretationEnabled(false)
                .withElResolver(new TemplateObjects())
                .withMaxOutputSize(MAX_OUTPUT)
                .withMaxStringLength(MAX_OUTPUT)
                .withMaxRenderDepth(MAX_DEPTH)
                .withMaxMacroRecursionDepth(MAX_DEPTH)
                .withDisabled(
                        Map.of(Library.TAG, Set.of("include", "extends", "import", "from", "do")))
                .withLegacyOverrides(
                        LegacyOverrides.newBuilder()
                                .withEvaluateMapKeys(true)
                                .withIterateOverMapKeys(true)
                                .withUsePyishObjectMapper(true)
                                .withUseNaturalOperatorPrecedence(true)
                                .withParseWhitespaceControlStrictly(true)
                                .withAllowAdjacentTextNodes(true)
                                .withUseTrimmingForNotesAndExpressions(true)
                                .withKeepNullableLoopValues(true)
                                .withHandleBackslashInQuotesOnly(true)
                                .build())
                .build();
    }

    /**
     * The text of a conversation up to where the model answers.
     *
     * @throws EngineException of kind {@code BAD_REQUEST} when the template refuses the messages,
     *     {@code BAD_MODEL} when it cannot be rendered at all
     */
    public String render(List<Message> messages) {
        Map<String, Object> variables = new LinkedHashMap<>();
        variables.put("messages", messages.stream().map(ChatTemplate::data).toList());
        variables.put("add_generation_prompt", true);
        variables.put("bos_token", bosToken);
        variables.put("eos_token", eosToken);
        RenderResult result = jinjava.renderForResult(source, variables);
        for (TemplateError error : result.getErrors()) {
            throw failure(error);
        }
        return result.getOutput();
    }

    private static Map<String, Object> data(Message message) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("role", message.role().label());
        data.put("content", message.content());
        return data;
    }

    private static EngineException failure(TemplateError error) {
        for (Throwable cause = error.getException(); cause != null; cause = cause.getCause()) {
            if (cause instanceof TemplateFunctions.Refusal refusal) {
                return new EngineException(
                        Kind.BAD_REQUEST,
                        "the chat template refuses these messages: " + refusal.getMessage(),
                        refusal);
            }
        }
        return new EngineException(
                Kind.BAD_MODEL,
                ("the chat template cannot be rendered, line %d: %s: use a text prompt, or correct"
                                + " chat_template in tokenizer_config.json")
                        .formatted(error.getLineno(), error.getMessage()),
                error.getException());
    }
}
