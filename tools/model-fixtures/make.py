"""Writes tiny random checkpoints of every supported family with the logits transformers gives them.

Usage: python make.py [DIRECTORY]; the default is models/src/test/resources/fixtures. Each fixture is
a checkpoint directory as a model hub would hold it plus expected.safetensors: input_ids I32 [n] and
logits F32 [n, vocabulary], computed in 32-bit floats from the stored bfloat16 weights.
"""

import pathlib
import shutil
import sys
import tempfile

import torch
from safetensors.torch import save_file
from transformers import LlamaConfig, LlamaForCausalLM, MistralConfig, MistralForCausalLM
from transformers import Qwen2Config, Qwen2ForCausalLM, Qwen3Config, Qwen3ForCausalLM

import tokenizers_of_families as families

HERE = pathlib.Path(__file__).resolve().parent
DEFAULT = HERE.parents[1] / "models" / "src" / "test" / "resources" / "fixtures"
POSITIONS = 20

SMALL = dict(
    hidden_size=64,
    intermediate_size=96,
    num_hidden_layers=2,
    num_attention_heads=4,
    num_key_value_heads=2,
    max_position_embeddings=256,
    rms_norm_eps=1e-5,
)
LLAMA3_ROPE = dict(
    rope_type="llama3",
    factor=8.0,
    low_freq_factor=1.0,
    high_freq_factor=4.0,
    original_max_position_embeddings=64,
)


def fixtures(scratch):
    """Name, configuration, class, tokenizer."""
    llama3, smollm, qwen = families.llama3(), families.smollm(), families.qwen()
    legacy = families.sentence_piece(scratch, legacy=True)
    newer = families.sentence_piece(scratch, legacy=False)
    yield "llama3", LlamaConfig(
        **SMALL | dict(head_dim=32),
        vocab_size=384,
        rope_theta=500000.0,
        rope_scaling=LLAMA3_ROPE,
        tie_word_embeddings=True,
    ), LlamaForCausalLM, llama3
    yield "smollm2", LlamaConfig(
        **SMALL,
        vocab_size=384,
        rope_theta=100000.0,
        rope_scaling=dict(rope_type="linear", factor=4.0),
        tie_word_embeddings=True,
    ), LlamaForCausalLM, smollm
    yield "tinyllama", LlamaConfig(
        **SMALL | dict(num_key_value_heads=4), vocab_size=512, tie_word_embeddings=False
    ), LlamaForCausalLM, legacy
    yield "mistral", MistralConfig(
        **SMALL | dict(head_dim=32),
        vocab_size=512,
        rope_theta=1000000.0,
        sliding_window=None,
        tie_word_embeddings=False,
    ), MistralForCausalLM, newer
    yield "qwen2", Qwen2Config(
        **SMALL | dict(rms_norm_eps=1e-6),
        vocab_size=384,
        rope_theta=1000000.0,
        tie_word_embeddings=True,
    ), Qwen2ForCausalLM, qwen
    yield "qwen3", Qwen3Config(
        **SMALL | dict(rms_norm_eps=1e-6),
        head_dim=32,
        vocab_size=384,
        rope_theta=1000000.0,
        tie_word_embeddings=True,
    ), Qwen3ForCausalLM, qwen
    yield "wide", LlamaConfig(
        hidden_size=256,
        intermediate_size=256,
        num_hidden_layers=1,
        num_attention_heads=4,
        num_key_value_heads=1,
        vocab_size=288,
        max_position_embeddings=256,
        rms_norm_eps=1e-5,
        tie_word_embeddings=True,
    ), LlamaForCausalLM, families.gpt2()


def randomise(model, generator):
    """Large enough that attention is far from even and every tensor moves the logits."""
    with torch.no_grad():
        for name, tensor in model.named_parameters():
            noise = torch.randn(tensor.shape, generator=generator)
            if tensor.dim() == 1:
                noise = 0.3 * noise + (1.0 if "norm" in name else 0.0)
            else:
                noise = noise * (1.5 / tensor.shape[1] ** 0.5)
            tensor.copy_(noise.to(torch.bfloat16).to(torch.float32))


def expected(model, config, generator):
    ids = torch.randint(0, config.vocab_size, (1, POSITIONS), generator=generator)
    with torch.no_grad():
        logits = model(ids).logits[0]
    assert 0.2 < logits.std() < 20, logits.std()
    return {"input_ids": ids[0].to(torch.int32), "logits": logits.contiguous()}


def write(target, name, config, kind, tokenizer):
    config.bos_token_id = tokenizer.bos_token_id
    config.eos_token_id = tokenizer.eos_token_id
    config.pad_token_id = tokenizer.pad_token_id
    config._attn_implementation = "eager"
    generator = torch.Generator().manual_seed(sum(name.encode()))
    model = kind(config).to(torch.float32).eval()
    randomise(model, generator)
    model.tie_weights()
    answers = expected(model, config, generator)
    directory = target / name
    shutil.rmtree(directory, ignore_errors=True)
    # The widest is sharded, so that one fixture has an index.
    shard = "600KB" if name == "wide" else "5GB"
    model.to(torch.bfloat16).save_pretrained(directory, max_shard_size=shard)
    tokenizer.save_pretrained(directory)
    save_file(answers, directory / "expected.safetensors")


def main():
    target = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT
    with tempfile.TemporaryDirectory() as scratch:
        for name, config, kind, tokenizer in fixtures(pathlib.Path(scratch)):
            write(target, name, config, kind, tokenizer)
            print("wrote", name)


if __name__ == "__main__":
    main()
