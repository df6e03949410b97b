"""Reads and writes the Hugging Face form of the checkpoint (bf16 safetensors, Llama layout)."""

import json
import os
import struct

import torch


def read_safetensors(path):
    """All tensors of a bf16 safetensors file, as fp32."""
    with open(path, "rb") as file:
        raw = file.read()
    (size,) = struct.unpack("<Q", raw[:8])
    header = json.loads(raw[8 : 8 + size])
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        if entry["dtype"] != "BF16":
            raise ValueError(f"{path}: {name} has dtype {entry['dtype']}, expected BF16")
        begin, end = (8 + size + offset for offset in entry["data_offsets"])
        flat = torch.frombuffer(bytearray(raw[begin:end]), dtype=torch.bfloat16)
        tensors[name] = flat.reshape(entry["shape"]).float()
    return tensors


def write_safetensors(path, tensors):
    """Writes the tensors as bf16, sorted by name."""
    header = {"__metadata__": {"format": "pt"}}
    blobs = []
    offset = 0
    for name in sorted(tensors):
        tensor = tensors[name].detach().contiguous().to(torch.bfloat16)
        blob = tensor.view(torch.int16).numpy().tobytes()
        end = offset + len(blob)
        header[name] = {
            "dtype": "BF16",
            "shape": list(tensor.shape),
            "data_offsets": [offset, end],
        }
        offset = end
        blobs.append(blob)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        file.writelines(blobs)


def to_hugging_face(state, config):
    """Tensors under Hugging Face names from a training state with fused matrices."""
    width = config["num_attention_heads"] * config["head_dim"]
    kv_width = config["num_key_value_heads"] * config["head_dim"]
    tensors = {
        "model.embed_tokens.weight": state["emb.weight"],
        "model.norm.weight": state["norm.weight"],
    }
    for index in range(config["num_hidden_layers"]):
        ours, theirs = f"layers.{index}.", f"model.layers.{index}."
        q, k, v = state[ours + "qkv.weight"].split([width, kv_width, kv_width])
        gate, up = state[ours + "gu.weight"].chunk(2)
        tensors[theirs + "self_attn.q_proj.weight"] = q
        tensors[theirs + "self_attn.k_proj.weight"] = k
        tensors[theirs + "self_attn.v_proj.weight"] = v
        tensors[theirs + "self_attn.o_proj.weight"] = state[ours + "o.weight"]
        tensors[theirs + "mlp.gate_proj.weight"] = gate
        tensors[theirs + "mlp.up_proj.weight"] = up
        tensors[theirs + "mlp.down_proj.weight"] = state[ours + "down.weight"]
        tensors[theirs + "input_layernorm.weight"] = state[ours + "ln1.weight"]
        tensors[theirs + "post_attention_layernorm.weight"] = state[ours + "ln2.weight"]
    return tensors


def from_hugging_face(tensors, config):
    """The inverse of to_hugging_face."""
    state = {
        "emb.weight": tensors["model.embed_tokens.weight"],
        "norm.weight": tensors["model.norm.weight"],
    }
    for index in range(config["num_hidden_layers"]):
        ours, theirs = f"layers.{index}.", f"model.layers.{index}."
        heads = [tensors[f"{theirs}self_attn.{name}_proj.weight"] for name in "qkv"]
        state[ours + "qkv.weight"] = torch.cat(heads)
        state[ours + "o.weight"] = tensors[theirs + "self_attn.o_proj.weight"]
        gate_up = [tensors[f"{theirs}mlp.{name}_proj.weight"] for name in ("gate", "up")]
        state[ours + "gu.weight"] = torch.cat(gate_up)
        state[ours + "down.weight"] = tensors[theirs + "mlp.down_proj.weight"]
        state[ours + "ln1.weight"] = tensors[theirs + "input_layernorm.weight"]
        state[ours + "ln2.weight"] = tensors[theirs + "post_attention_layernorm.weight"]
    return state


def load(source):
    """(tensors under Hugging Face names, config) of a checkpoint folder or a training file."""
    if os.path.isdir(source):
        with open(os.path.join(source, "config.json"), encoding="utf-8") as file:
            config = json.load(file)
        return read_safetensors(os.path.join(source, "model.safetensors")), config
    saved = torch.load(source, weights_only=True)
    return to_hugging_face(saved["model"], saved["config"]), saved["config"]
