package io.rackmark.model.torchscript;

import io.rackmark.model.ModelConfig;

/**
 * The TorchScript source of a decoder. Its methods, in the order they are called:
 *
 * <ul>
 *   <li>{@code give_weights(raw, pieces, bits)}: all weights of {@link ProgramWeights}, each in
 *       {@code pieces[i]} tensors along its first dimension; {@code bits[i] = 1} says that they
 *       carry bfloat16 bits under another 16-bit type's name
 *   <li>{@code give_rope(cos, sin)}: float32 [tokens, headDim]
 *   <li>{@code give_cache(keys, values)}: once per layer, zeros [slots, kvHeads, tokens, headDim];
 *       of a 16-bit type when the program computes in one
 *   <li>{@code prefill(ids, slot, start, last)}: ids [n] after {@code start} tokens of a slot;
 *       float32 logits [1, vocabulary] of the last one, or [0, hidden] when {@code last} is false
 *   <li>{@code decode(ids, at, slots, starts)}: one token for each of several slots, ids and {@code
 *       at} [n] (the same numbers as {@code starts}); float32 logits [n, vocabulary]
 * </ul>
 *
 * <p>Caches come from outside: libtorch 2.7.1's optimiser merges two equal {@code zeros} calls of a
 * script into one tensor.
 */
final class DecoderProgram {
    private final ModelConfig config;
    private final ProgramWeights weights;
    private final ProgramSpec spec;

    private DecoderProgram(ModelConfig config, ProgramSpec spec) {
        this.config = config;
        this.weights = ProgramWeights.of(config);
        this.spec = spec;
    }

    static String source(ModelConfig config, ProgramSpec spec) {
        DecoderProgram program = new DecoderProgram(config, spec);
        return program.attributes()
                + program.giveWeights()
                + program.giveRopeAndCache()
                + program.linear()
                + program.projections()
                + program.feedForward()
                + program.prefill()
                + program.decode();
    }

    private String attributes() {
        return """
        class Decoder(Module):
          __parameters__ = []
          __buffers__ = []
          training : bool
          weights : List[Tensor]
          cos : Tensor
          sin : Tensor
          keys : List[Tensor]
          values : List[Tensor]
        """;
    }

    private String giveWeights() {
        return """
          def give_weights(self: __torch__.Decoder,
            raw: List[Tensor],
            pieces: List[int],
            bits: List[int]) -> int:
            weights = annotate(List[Tensor], [])
            at = 0
            for i in range(torch.len(pieces)):
              parts = annotate(List[Tensor], [])
              for j in range(pieces[i]):
                part = raw[torch.add(at, j)]
                if torch.eq(bits[i], 1):
                  part0 = torch.view_copy(part, dtype=%d)
                else:
                  part0 = part
                _0 = torch.append(parts, torch.to(part0, %d))
              at = torch.add(at, pieces[i])
              if torch.eq(pieces[i], 1):
                whole = parts[0]
              else:
                whole = torch.cat(parts)
              _1 = torch.append(weights, whole)
            self.weights = weights
            return torch.len(weights)
        """
                .formatted(ProgramSpec.Type.BFLOAT16.code(), spec.type().code());
    }

    private String giveRopeAndCache() {
        boolean reinterpret = spec.type() == ProgramSpec.Type.BFLOAT16;
        String cache =
                reinterpret
                        ? "torch.view_copy(%s, dtype=" + ProgramSpec.Type.BFLOAT16.code() + ")"
                        : "%s";
        return """
          def give_rope(self: __torch__.Decoder,
            cos: Tensor,
            sin: Tensor) -> int:
            self.cos = torch.unsqueeze(torch.to(cos, %1$d), 1)
            self.sin = torch.unsqueeze(torch.to(sin, %1$d), 1)
            return torch.size(cos, 0)
          def give_cache(self: __torch__.Decoder,
            keys: Tensor,
            values: Tensor) -> int:
            all_keys = self.keys
            all_values = self.values
            _0 = torch.append(all_keys, %2$s)
            _1 = torch.append(all_values, %3$s)
            return torch.len(all_keys)
        """
                .formatted(spec.type().code(), cache.formatted("keys"), cache.formatted("values"));
    }

    private String linear() {
        String product =
                switch (spec.linear()) {
                    case STOCK -> "torch.linear(x, w, b)";
                    case ONEDNN ->
                            "ops.mkldnn._linear_pointwise(x, w, b, \"none\","
                                    + " annotate(List[Optional[number]], []), None)";
                };
        return """
          def linear(self: __torch__.Decoder,
            x: Tensor,
            w: Tensor,
            b: Optional[Tensor]=None) -> Tensor:
            return %s
        """
                .formatted(product);
    }

    /** Query [n, heads, headDim], key and value [n, kvHeads, headDim] of x [n, hidden]. */
    private String projections() {
        return """
          def rotate(self: __torch__.Decoder,
            x: Tensor,
            cos: Tensor,
            sin: Tensor) -> Tensor:
            turned = torch.cat([torch.neg(torch.slice(x, 2, %1$d)), torch.slice(x, 2, 0, %1$d)], 2)
            return torch.add(torch.mul(x, cos), torch.mul(turned, sin))
          def project(self: __torch__.Decoder,
            x: Tensor,
            base: int,
            cos: Tensor,
            sin: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
            w = self.weights
            h = %2$s
            q = torch.reshape(%3$s, [-1, %6$d, %8$d])
            k = torch.reshape(%4$s, [-1, %7$d, %8$d])
            v = torch.reshape(%5$s, [-1, %7$d, %8$d])
        """
                        .formatted(
                                config.headDim() / 2,
                                norm("x", config.hidden(), layerWeight("input_layernorm.weight")),
                                linear("h", "self_attn.q_proj"),
                                linear("h", "self_attn.k_proj"),
                                linear("h", "self_attn.v_proj"),
                                config.heads(),
                                config.kvHeads(),
                                config.headDim())
                + headNorms()
                + """
                    return ((self).rotate(q, cos, sin, ), (self).rotate(k, cos, sin, ), v)
                """;
    }

    private String headNorms() {
        if (!config.queryKeyNorm()) {
            return "";
        }
        return "    q = %s\n    k = %s\n"
                .formatted(
                        norm("q", config.headDim(), layerWeight("self_attn.q_norm.weight")),
                        norm("k", config.headDim(), layerWeight("self_attn.k_norm.weight")));
    }

    /** The rest of a layer, and what follows the last one. */
    private String feedForward() {
        return """
          def finish(self: __torch__.Decoder,
            x: Tensor,
            attended: Tensor,
            base: int) -> Tensor:
            w = self.weights
            x0 = torch.add(x, %s)
            h = %s
            inner = torch.mul(torch.silu(%s), %s)
            return torch.add(x0, %s)
          def head(self: __torch__.Decoder,
            x: Tensor) -> Tensor:
            w = self.weights
            h = %s
            return torch.to((self).linear(h, w[%d], ), %d)
        """
                .formatted(
                        linear("attended", "self_attn.o_proj"),
                        norm("x0", config.hidden(), layerWeight("post_attention_layernorm.weight")),
                        linear("h", "mlp.gate_proj"),
                        linear("h", "mlp.up_proj"),
                        linear("inner", "mlp.down_proj"),
                        norm("x", config.hidden(), "w[" + weights.lastNorm(config) + "]"),
                        weights.output(config),
                        ProgramSpec.Type.FLOAT32.code());
    }

    /**
     * A key and value head serves several query heads as an expanded view [kvHeads, rep, n,
     * headDim], so that nothing is repeated in memory.
     */
    private String prefill() {
        return """
          def prefill(self: __torch__.Decoder,
            ids: Tensor,
            slot: int,
            start: int,
            last: bool) -> Tensor:
            t = torch.size(ids, 0)
            end = torch.add(start, t)
            cos = torch.slice(self.cos, 0, start, end)
            sin = torch.slice(self.sin, 0, start, end)
            causal = torch.__and__(torch.gt(t, 1), torch.eq(start, 0))
            if torch.__and__(torch.gt(t, 1), torch.gt(start, 0)):
              mask = annotate(Optional[Tensor], torch.tril(torch.new_ones(ids, [t, end], dtype=11), start))
            else:
              mask = annotate(Optional[Tensor], None)
            w = self.weights
            x = torch.embedding(w[0], ids)
            for i in range(%1$d):
              base = torch.add(torch.mul(i, %2$d), 1)
              q, k, v, = (self).project(x, base, cos, sin, )
              keys = torch.select(self.keys[i], 0, slot)
              values = torch.select(self.values[i], 0, slot)
              _0 = torch.copy_(torch.slice(keys, 1, start, end), torch.transpose(k, 0, 1))
              _1 = torch.copy_(torch.slice(values, 1, start, end), torch.transpose(v, 0, 1))
              shape = [%3$d, %4$d, end, %5$d]
              kk = torch.expand(torch.unsqueeze(torch.slice(keys, 1, 0, end), 1), shape)
              vv = torch.expand(torch.unsqueeze(torch.slice(values, 1, 0, end), 1), shape)
              qq = torch.reshape(torch.transpose(q, 0, 1), [%3$d, %4$d, t, %5$d])
              o = torch.scaled_dot_product_attention(qq, kk, vv, mask, 0., causal)
              o0 = torch.transpose(torch.reshape(o, [%6$d, t, %5$d]), 0, 1)
              x = (self).finish(x, torch.reshape(o0, [t, %7$d]), base, )
            if last:
              logits = (self).head(torch.slice(x, 0, -1), )
            else:
              logits = torch.slice(x, 0, 0, 0)
            return logits
        """
                .formatted(
                        config.layers(),
                        weights.perLayer(),
                        config.kvHeads(),
                        config.heads() / config.kvHeads(),
                        config.headDim(),
                        config.heads(),
                        config.queryWidth());
    }

    /** Products of all slots together, attention slot by slot since their lengths differ. */
    private String decode() {
        return """
          def decode(self: __torch__.Decoder,
            ids: Tensor,
            at: Tensor,
            slots: List[int],
            starts: List[int]) -> Tensor:
            cos = torch.index_select(self.cos, 0, at)
            sin = torch.index_select(self.sin, 0, at)
            n = torch.len(slots)
            w = self.weights
            x = torch.embedding(w[0], ids)
            for i in range(%1$d):
              base = torch.add(torch.mul(i, %2$d), 1)
              q, k, v, = (self).project(x, base, cos, sin, )
              all_keys = self.keys[i]
              all_values = self.values[i]
              rows = annotate(List[Tensor], [])
              for j in range(n):
                keys = torch.select(all_keys, 0, slots[j])
                values = torch.select(all_values, 0, slots[j])
                _0 = torch.copy_(torch.select(keys, 1, starts[j]), torch.select(k, 0, j))
                _1 = torch.copy_(torch.select(values, 1, starts[j]), torch.select(v, 0, j))
                end = torch.add(starts[j], 1)
                kk = torch.unsqueeze(torch.slice(keys, 1, 0, end), 0)
                vv = torch.unsqueeze(torch.slice(values, 1, 0, end), 0)
                qq = torch.reshape(torch.select(q, 0, j), [1, %3$d, %4$d, %5$d])
                o = torch.scaled_dot_product_attention(qq, kk, vv)
                _2 = torch.append(rows, torch.reshape(o, [1, %6$d]))
              x = (self).finish(x, torch.cat(rows), base, )
            return (self).head(x, )
        """
                .formatted(
                        config.layers(),
                        weights.perLayer(),
                        config.kvHeads(),
                        config.heads() / config.kvHeads(),
                        config.headDim(),
                        config.queryWidth());
    }

    private String linear(String x, String projection) {
        String weight = layerWeight(projection + ".weight");
        boolean bias = weights.inLayer(projection + ".bias") >= 0;
        return bias
                ? "(self).linear(%s, %s, %s, )"
                        .formatted(x, weight, layerWeight(projection + ".bias"))
                : "(self).linear(%s, %s, )".formatted(x, weight);
    }

    private String norm(String x, int width, String weight) {
        return "torch.rms_norm(%s, [%d], %s, %s)"
                .formatted(x, width, weight, Double.toString(config.rmsEpsilon()));
    }

    private String layerWeight(String name) {
        return "w[torch.add(base, %d)]".formatted(weights.inLayer(name));
    }
}
