package io.rackmark.model.convert;

import io.rackmark.model.Checkpoint;
import io.rackmark.model.ModelConfig;
import io.rackmark.model.ModelException;
import io.rackmark.model.ModelException.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The tensors of the Llama-like families: names in the checkpoint, names in GGUF, shapes. */
public final class LlamaTensors {
    private final ModelConfig config;
    private final boolean interleaved;
    private final List<TensorRule> rules = new ArrayList<>();

    private LlamaTensors(ModelConfig config, boolean interleaved) {
        this.config = config;
        this.interleaved = interleaved;
    }

    /** All tensors in GGUF order; a tied output matrix is left out. */
    static List<TensorRule> rules(ModelConfig config) {
        return rules(config, GgufArchitecture.of(config).interleaved());
    }

    private static List<TensorRule> rules(ModelConfig config, boolean interleaved) {
        LlamaTensors tensors = new LlamaTensors(config, interleaved);
        long vocabulary = config.vocabulary();
        long hidden = config.hidden();
        tensors.plain("model.embed_tokens.weight", "token_embd.weight", vocabulary, hidden);
        for (int layer = 0; layer < config.layers(); layer++) {
            tensors.attention("model.layers." + layer + ".", "blk." + layer + ".");
            tensors.feedForward("model.layers." + layer + ".", "blk." + layer + ".");
        }
        tensors.plain("model.norm.weight", "output_norm.weight", hidden);
        if (!config.tiedEmbeddings()) {
            tensors.plain("lm_head.weight", "output.weight", vocabulary, hidden);
        }
        return tensors.rules;
    }

    /** Names and shapes that the checkpoint must have. */
    public static List<Expected> expected(ModelConfig config) {
        return rules(config, false).stream()
                .map(rule -> new Expected(rule.source(), rule.shape()))
                .toList();
    }

    /**
     * Those of a checkpoint's tensors that its configuration has no use for. Copies of what is
     * elsewhere are none: a tied output matrix, rotary tables of older exporters.
     */
    public static List<String> strangers(ModelConfig config, Collection<String> names) {
        Set<String> known = new HashSet<>();
        expected(config).forEach(tensor -> known.add(tensor.name()));
        if (config.tiedEmbeddings()) {
            known.add("lm_head.weight");
        }
        return names.stream()
                .filter(name -> !known.contains(name) && !name.endsWith(".rotary_emb.inv_freq"))
                .toList();
    }

    /**
     * Fails when a checkpoint holds weights that its configuration leaves out, which would compute
     * something else without any error.
     *
     * @throws ModelException naming the family the weights are of
     */
    static void requireNoStrangers(Checkpoint checkpoint, Collection<String> names) {
        ModelConfig config = checkpoint.config();
        for (String name : strangers(config, names)) {
            throw new ModelException(
                    Kind.DAMAGED,
                    "%s: config.json asks for a %s model, which has no tensor %s; the weights are those of %s"
                            .formatted(
                                    checkpoint.directory(), config.family(), name, family(name)));
        }
    }

    private static String family(String tensor) {
        if (tensor.endsWith("self_attn.q_norm.weight")
                || tensor.endsWith("self_attn.k_norm.weight")) {
            return "a qwen3 model";
        }
        return tensor.matches(".*self_attn\\.[qkv]_proj\\.bias")
                ? "a qwen2 model"
                : "another model";
    }

    /**
     * A tensor a checkpoint must have.
     *
     * @param shape outermost dimension first
     */
    public record Expected(String name, List<Long> shape) {}

    private void attention(String from, String to) {
        long hidden = config.hidden();
        long query = config.queryWidth();
        long keyValue = config.keyValueWidth();
        boolean bias = config.queryKeyValueBias();
        plain(from + "input_layernorm.weight", to + "attn_norm.weight", hidden);
        if (config.queryKeyNorm()) {
            long head = config.headDim();
            plain(from + "self_attn.q_norm.weight", to + "attn_q_norm.weight", head);
            plain(from + "self_attn.k_norm.weight", to + "attn_k_norm.weight", head);
        }
        rotary(from + "self_attn.q_proj", to + "attn_q", query, bias);
        rotary(from + "self_attn.k_proj", to + "attn_k", keyValue, bias);
        projection(from + "self_attn.v_proj", to + "attn_v", keyValue, hidden, bias);
        projection(
                from + "self_attn.o_proj", to + "attn_output", hidden, query, config.outputBias());
    }

    private void feedForward(String from, String to) {
        long hidden = config.hidden();
        long inner = config.ffn();
        boolean bias = config.mlpBias();
        plain(from + "post_attention_layernorm.weight", to + "ffn_norm.weight", hidden);
        projection(from + "mlp.gate_proj", to + "ffn_gate", inner, hidden, bias);
        projection(from + "mlp.up_proj", to + "ffn_up", inner, hidden, bias);
        projection(from + "mlp.down_proj", to + "ffn_down", hidden, inner, bias);
    }

    private void projection(String from, String to, long rows, long columns, boolean bias) {
        plain(from + ".weight", to + ".weight", rows, columns);
        if (bias) {
            plain(from + ".bias", to + ".bias", rows);
        }
    }

    private void rotary(String from, String to, long rows, boolean bias) {
        int head = interleaved ? config.headDim() : 0;
        long hidden = config.hidden();
        rules.add(new TensorRule(from + ".weight", to + ".weight", List.of(rows, hidden), head));
        if (bias) {
            rules.add(new TensorRule(from + ".bias", to + ".bias", List.of(rows), head));
        }
    }

    private void plain(String from, String to, Long... shape) {
        rules.add(new TensorRule(from, to, List.of(shape), 0));
    }
}
