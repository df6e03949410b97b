"""A small Llama in plain PyTorch whose batches share one prompt prefix.

A row holds several question/answer pairs, each its own segment. Every pair attends to the same
prefix (the system block) and, causally, to itself.
The prefix is computed once per batch instead of once per row, which makes training with the
full system prompt affordable on a CPU.
"""

import math

import torch
import torch.nn.functional as F
from torch import nn

CONFIG = {
    "vocab_size": 2048,
    "hidden_size": 256,
    "num_hidden_layers": 8,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "head_dim": 64,
    "intermediate_size": 768,
    "rms_norm_eps": 1e-5,
    "rope_theta": 10000.0,
    "max_position_embeddings": 2048,
}


def rope_tables(positions, head_dim, theta):
    """Cosine and sine tables [positions, 1, head_dim] of the rotate-half form of RoPE."""
    inverse = 1.0 / (theta ** (torch.arange(0, head_dim, 2).float() / head_dim))
    angles = torch.outer(torch.arange(positions).float(), inverse)
    angles = torch.cat([angles, angles], dim=-1)[:, None]
    return angles.cos(), angles.sin()


def rotate(x, cos, sin):
    """Applies RoPE to x [..., length, heads, head_dim]."""
    half = x.shape[-1] // 2
    return x * cos + torch.cat([-x[..., half:], x[..., :half]], dim=-1) * sin


class RMSNorm(nn.Module):
    """Root-mean-square normalisation with a learned gain."""

    def __init__(self, size, eps):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(size))
        self.eps = eps

    def forward(self, x):
        return F.rms_norm(x, self.weight.shape, self.weight, self.eps)


class Layer(nn.Module):
    """One decoder layer; q, k, v and gate, up are fused into one matrix each."""

    def __init__(self, config):
        super().__init__()
        hidden = config["hidden_size"]
        inner = config["intermediate_size"]
        self.heads = config["num_attention_heads"]
        self.kv_heads = config["num_key_value_heads"]
        self.head_dim = config["head_dim"]
        self.ln1 = RMSNorm(hidden, config["rms_norm_eps"])
        self.ln2 = RMSNorm(hidden, config["rms_norm_eps"])
        self.qkv = nn.Linear(hidden, (self.heads + 2 * self.kv_heads) * self.head_dim, bias=False)
        self.o = nn.Linear(self.heads * self.head_dim, hidden, bias=False)
        self.gu = nn.Linear(hidden, 2 * inner, bias=False)
        self.down = nn.Linear(inner, hidden, bias=False)

    def project(self, x, cos, sin):
        """Queries [B, kv, groups*L, d], keys and values [B, kv, L, d] of x [B, L, hidden]."""
        batch, length, _ = x.shape
        d, heads, kv = self.head_dim, self.heads, self.kv_heads
        q, k, v = self.qkv(self.ln1(x)).split([heads * d, kv * d, kv * d], dim=-1)
        q = rotate(q.view(batch, length, heads, d), cos, sin)
        k = rotate(k.view(batch, length, kv, d), cos, sin).transpose(1, 2)
        v = v.view(batch, length, kv, d).transpose(1, 2)
        q = q.view(batch, length, kv, heads // kv, d).permute(0, 2, 3, 1, 4)
        return q.reshape(batch, kv, -1, d), k, v

    def finish(self, x, attended):
        """Adds the attention output [B, kv, groups*L, d] and the feed-forward block to x."""
        batch, length, _ = x.shape
        groups = self.heads // self.kv_heads
        out = attended.view(batch, self.kv_heads, groups, length, self.head_dim)
        out = out.permute(0, 3, 1, 2, 4).reshape(batch, length, self.heads * self.head_dim)
        x = x + self.o(out)
        gate, up = self.gu(self.ln2(x)).chunk(2, dim=-1)
        return x + self.down(F.silu(gate) * up)


class Model(nn.Module):
    """Decoder with tied embeddings; parameter names are those of the training checkpoints."""

    def __init__(self, config):
        super().__init__()
        self.config = dict(config)
        self.emb = nn.Embedding(config["vocab_size"], config["hidden_size"])
        self.layers = nn.ModuleList(Layer(config) for _ in range(config["num_hidden_layers"]))
        self.norm = RMSNorm(config["hidden_size"], config["rms_norm_eps"])
        cos, sin = rope_tables(
            config["max_position_embeddings"], config["head_dim"], config["rope_theta"]
        )
        self.register_buffer("cos", cos, persistent=False)
        self.register_buffer("sin", sin, persistent=False)
        self.groups = config["num_attention_heads"] // config["num_key_value_heads"]
        self._initialise()

    def _initialise(self):
        residual = 0.05 / math.sqrt(2 * self.config["num_hidden_layers"])
        for name, parameter in self.named_parameters():
            if parameter.dim() == 1:
                continue
            std = 0.05
            if "emb" in name:
                std = 0.02
            elif name.endswith(("o.weight", "down.weight")):
                std = residual
            nn.init.normal_(parameter, 0.0, std)

    def forward(self, ids, segments, positions, prefix=None, prefix_visible=None):
        """Final hidden states [B, L, hidden] of packed rows after an optional shared prefix.

        ids, segments and positions are [B, L]; a token sees the earlier tokens of its own segment
        and the visible part of the prefix [P]. positions count from the start of the prompt.
        """
        batch, length = ids.shape
        causal = torch.ones(length, length, dtype=torch.bool).tril()
        mask = (segments[:, :, None] == segments[:, None, :]) & causal
        cos, sin = self.cos[positions], self.sin[positions]
        x = self.emb(ids)
        y = None
        if prefix is not None:
            size = prefix.numel()
            prefix_cos, prefix_sin = self.cos[:size], self.sin[:size]
            prefix_mask = torch.ones(size, size, dtype=torch.bool).tril()
            prefix_mask = prefix_mask.repeat(self.groups, 1)
            mask = torch.cat([prefix_visible.expand(batch, length, size), mask], dim=2)
            y = self.emb(prefix)[None]
        mask = mask.repeat(1, self.groups, 1)[:, None]
        for index, layer in enumerate(self.layers):
            q, k, v = layer.project(x, cos, sin)
            if prefix is not None:
                pq, pk, pv = layer.project(y, prefix_cos, prefix_sin)
                k = torch.cat([pk.expand(batch, -1, -1, -1), k], dim=2)
                v = torch.cat([pv.expand(batch, -1, -1, -1), v], dim=2)
                if index + 1 < len(self.layers):
                    attended = F.scaled_dot_product_attention(pq, pk, pv, prefix_mask)
                    y = layer.finish(y, attended)
            x = layer.finish(x, F.scaled_dot_product_attention(q, k, v, mask))
        return self.norm(x)

    def logits(self, hidden):
        """Vocabulary scores with the tied embedding."""
        return F.linear(hidden, self.emb.weight)
