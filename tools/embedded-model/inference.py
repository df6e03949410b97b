"""Greedy generation from the Hugging Face files, written apart from the training code.

Requests of a batch share the system block; each keeps its own key/value cache.
"""

import torch
import torch.nn.functional as F

import checkpoint
from tokenizer import Tokenizer

HIDDEN = -1e30


class LanguageModel:
    """A loaded checkpoint that continues ChatML text."""

    def __init__(self, source, tokenizer_path):
        self.weights, self.config = checkpoint.load(source)
        self.tokenizer = Tokenizer(tokenizer_path)
        self.stop = self.tokenizer.special["<|im_end|>"]
        self.prefixes = {}

    def _norm(self, x, name):
        scale = torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.config["rms_norm_eps"])
        return self.weights[name] * (x * scale)

    def _linear(self, x, name):
        return F.linear(x, self.weights[name])

    def _heads(self, x, count):
        return x.view(*x.shape[:2], count, self.config["head_dim"]).transpose(1, 2)

    def _rotation(self, positions):
        size = self.config["head_dim"]
        inverse = 1.0 / (self.config["rope_theta"] ** (torch.arange(0, size, 2).float() / size))
        angles = positions[..., None].float() * inverse
        angles = torch.cat([angles, angles], dim=-1)[:, None]
        return angles.cos(), angles.sin()

    def forward(self, ids, positions, cache, visible):
        """Final states [B, L, hidden]; appends to cache; visible is [B, L, keys]."""
        config = self.config
        heads, kv_heads = config["num_attention_heads"], config["num_key_value_heads"]
        cos, sin = self._rotation(positions)
        x = self.weights["model.embed_tokens.weight"][ids]
        mask = torch.zeros(visible.shape).masked_fill_(~visible, HIDDEN)
        mask = mask.repeat(1, heads // kv_heads, 1)[:, None]
        for index in range(config["num_hidden_layers"]):
            name = f"model.layers.{index}."
            y = self._norm(x, name + "input_layernorm.weight")
            q = turn(self._heads(self._linear(y, name + "self_attn.q_proj.weight"), heads), cos, sin)
            k = turn(self._heads(self._linear(y, name + "self_attn.k_proj.weight"), kv_heads), cos, sin)
            v = self._heads(self._linear(y, name + "self_attn.v_proj.weight"), kv_heads)
            if cache[index] is not None:
                k = torch.cat([cache[index][0], k], dim=2)
                v = torch.cat([cache[index][1], v], dim=2)
            cache[index] = (k, v)
            batch, length = ids.shape
            q = q.reshape(batch, kv_heads, -1, config["head_dim"])
            attended = F.scaled_dot_product_attention(q, k, v, mask)
            attended = attended.reshape(batch, heads, length, config["head_dim"])
            attended = attended.transpose(1, 2).reshape(batch, length, -1)
            x = x + self._linear(attended, name + "self_attn.o_proj.weight")
            y = self._norm(x, name + "post_attention_layernorm.weight")
            gate = F.silu(self._linear(y, name + "mlp.gate_proj.weight"))
            up = self._linear(y, name + "mlp.up_proj.weight")
            x = x + self._linear(gate * up, name + "mlp.down_proj.weight")
        return self._norm(x, "model.norm.weight")

    def _prefix(self, text):
        """(length, cache) of a system block."""
        if text not in self.prefixes:
            ids = torch.tensor([self.tokenizer.encode(text)], dtype=torch.long)
            cache = [None] * self.config["num_hidden_layers"]
            length = ids.shape[1]
            if length:
                causal = torch.ones(1, length, length, dtype=torch.bool).tril()
                self.forward(ids, torch.arange(length)[None], cache, causal)
            self.prefixes[text] = (length, cache)
        return self.prefixes[text]

    @torch.no_grad()
    def generate(self, system, chats, limit=240):
        """The continuation of each chat (text after the system block) up to <|im_end|>."""
        size, shared = self._prefix(system)
        encoded = [self.tokenizer.encode(chat) for chat in chats]
        lengths = torch.tensor([len(ids) for ids in encoded])
        batch, longest = len(encoded), int(lengths.max())
        ids = torch.zeros(batch, longest, dtype=torch.long)
        for row, tokens in enumerate(encoded):
            ids[row, : len(tokens)] = torch.tensor(tokens)
        cache = [layer and tuple(part.expand(batch, -1, -1, -1) for part in layer) for layer in shared]
        before = torch.ones(batch, size, dtype=torch.bool)
        causal = torch.ones(longest, longest, dtype=torch.bool).tril().expand(batch, -1, -1)
        visible = torch.cat([before[:, None].expand(-1, longest, -1), causal], dim=2)
        positions = (size + torch.arange(longest)).expand(batch, -1)
        states = self.forward(ids, positions, cache, visible)
        last = states[torch.arange(batch), lengths - 1]
        seen = torch.cat([before, torch.arange(longest)[None] < lengths[:, None]], dim=1)
        return self._decode(last, cache, seen, size + lengths, limit)

    def _decode(self, last, cache, seen, positions, limit):
        outputs = [[] for _ in range(len(last))]
        live = torch.arange(len(last))
        for _ in range(limit):
            tokens = F.linear(last, self.weights["model.embed_tokens.weight"]).argmax(-1)
            going = tokens != self.stop
            for row, token in zip(live[going].tolist(), tokens[going].tolist()):
                outputs[row].append(token)
            if not going.any():
                break
            if not going.all():
                cache = [(k[going], v[going]) for k, v in cache]
                live, tokens = live[going], tokens[going]
                seen, positions = seen[going], positions[going]
            seen = torch.cat([seen, torch.ones(len(live), 1, dtype=torch.bool)], dim=1)
            states = self.forward(tokens[:, None], positions[:, None], cache, seen[:, None])
            last, positions = states[:, 0], positions + 1
        return [self.tokenizer.decode(tokens) for tokens in outputs]


def turn(x, cos, sin):
    """Rotates x [B, heads, L, d] by its positions."""
    half = x.shape[-1] // 2
    return x * cos + torch.cat([-x[..., half:], x[..., :half]], dim=-1) * sin
