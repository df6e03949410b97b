"""Trains the model on pools of generated pairs.

The schedule is warm-up, a constant learning rate, then a linear decay to zero of a fixed number
of steps. The decay starts at a wall-clock time or when a file appears, so a run may be paused
(SIGSTOP, SIGCONT) without disturbing the schedule.
"""

import argparse
import datetime
import os
import sys
import time

# glibc would return large buffers to the kernel after each step; keeping them is 1.1-1.4x faster.
ENVIRONMENT = {
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_THRESHOLD_": "8000000000",
    "MALLOC_TRIM_THRESHOLD_": "8000000000",
    "MALLOC_TOP_PAD_": "500000000",
    "OMP_WAIT_POLICY": "PASSIVE",
}
if __name__ == "__main__" and os.environ.get("MALLOC_ARENA_MAX") != "1":
    os.environ.update(ENVIRONMENT)
    os.execv(sys.executable, [sys.executable] + sys.argv)

import torch
import torch.nn.functional as F

import batches
import checkpoint
from model import CONFIG, Model
from muon import Muon
from tokenizer import TO_BYTE, Tokenizer


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--init", help="checkpoint folder or .pt file to start from")
    parser.add_argument("--tokenizer", required=True, help="tokenizer.json")
    parser.add_argument("--pool", required=True, nargs="+", help="pool files (.jsonl.gz)")
    parser.add_argument("--decay-pool", nargs="+", help="pool files of the decay phase")
    parser.add_argument("--validation", required=True, help="pool file of held-out pairs")
    parser.add_argument("--out", required=True, help="folder for last.pt, best.pt, train.log")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--learning-rate", type=float, default=1.5e-3)
    parser.add_argument("--weight-decay", type=float, default=0.05)
    parser.add_argument("--warm-up-steps", type=int, default=60)
    parser.add_argument("--decay-steps", type=int, default=400)
    parser.add_argument("--decay-at", help="UTC time HH:MM at which the decay starts")
    parser.add_argument("--decay-file", help="the decay starts when this file exists; a number in it replaces --decay-steps")
    parser.add_argument("--finish-at", help="UTC time HH:MM at which a decay is over at the latest")
    parser.add_argument("--full-share", type=float, default=0.2, help="full system prompts")
    parser.add_argument("--trimmed-share", type=float, default=0.04, help="trimmed schemas")
    parser.add_argument("--copy-share", type=float, default=0.12, help="batches of copied values")
    parser.add_argument("--decay-full-share", type=float, default=0.75)
    parser.add_argument("--decay-trimmed-share", type=float, default=0.05)
    parser.add_argument("--save-seconds", type=float, default=240)
    parser.add_argument("--validate-every", type=int, default=4, help="saves per validation")
    parser.add_argument("--compile", action="store_true", help="use torch.compile")
    return parser.parse_args()


def next_time(text):
    """The next moment with this UTC time HH:MM."""
    hour, minute = map(int, text.split(":"))
    now = datetime.datetime.now(datetime.timezone.utc)
    at = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    return at if at > now else at + datetime.timedelta(days=1)


class Schedule:
    """Learning rate by step; knows whether the decay phase has begun."""

    def __init__(self, options):
        self.options = options
        self.decay_start = None
        self.decay_steps = options.decay_steps
        self.deadline = next_time(options.decay_at) if options.decay_at else None
        self.finish = next_time(options.finish_at) if options.finish_at else None

    def update(self, step):
        """Starts the decay at this step if its condition holds; True when it starts."""
        if self.decay_start is not None:
            return False
        now = datetime.datetime.now(datetime.timezone.utc)
        file = self.options.decay_file
        asked = bool(file) and os.path.exists(file)
        if not asked and not (self.deadline and now >= self.deadline):
            return False
        self.decay_start = step
        self.decay_time = now
        self.decay_steps = self._asked_steps(file) if asked else self.options.decay_steps
        return True

    def _asked_steps(self, file):
        with open(file, encoding="utf-8") as content:
            text = content.read().strip()
        return int(text) if text else self.options.decay_steps

    def rate(self, step):
        """The learning rate of the step, or None when the decay is over."""
        warm = min(1.0, (step + 1) / self.options.warm_up_steps)
        if self.decay_start is None:
            return self.options.learning_rate * warm
        left = 1.0 - (step - self.decay_start) / self.decay_steps
        if self.finish:
            now = datetime.datetime.now(datetime.timezone.utc)
            left = min(left, (self.finish - now) / (self.finish - self.decay_time))
        return self.options.learning_rate * warm * left if left > 0 else None


def build_optimizers(model, options):
    """Muon for the layers' matrices, AdamW for embedding and gains."""
    config = model.config
    width = config["num_attention_heads"] * config["head_dim"]
    kv_width = config["num_key_value_heads"] * config["head_dim"]
    inner, hidden = config["intermediate_size"], config["hidden_size"]
    parts = {"qkv": [width, kv_width, kv_width], "o": [hidden], "gu": [inner, inner], "down": [hidden]}
    groups = [
        {"params": [getattr(layer, name).weight for layer in model.layers], "parts": rows}
        for name, rows in parts.items()
    ]
    gains = [p for p in model.parameters() if p.dim() == 1]
    others = [
        {"params": [model.emb.weight], "weight_decay": options.weight_decay},
        {"params": gains, "weight_decay": 0.0},
    ]
    return [
        Muon(groups, weight_decay=options.weight_decay),
        torch.optim.AdamW(others, lr=0.0, betas=(0.9, 0.98), eps=1e-8, fused=True),
    ]


def transplanted(embedding, before, after):
    """Rows for the tokens of another tokenizer: the mean of the old tokens that spell each one."""
    rows = []
    for index in range(len(after.vocab)):
        token = after.token_of[index]
        raw = bytes(TO_BYTE[char] for char in token) if token not in after.special else None
        ids = [before.special[token]] if raw is None else before.encode_bytes(raw)
        rows.append(embedding[ids].mean(0))
    return torch.stack(rows)


class Trainer:
    """Model, optimizer, data and log of one run."""

    def __init__(self, options):
        torch.manual_seed(options.seed)
        torch.set_flush_denormal(True)
        os.makedirs(options.out, exist_ok=True)
        self.options = options
        torch.set_num_threads(options.threads)
        self.tokenizer = Tokenizer(options.tokenizer)
        self.model = Model(CONFIG)
        self.optimizers = build_optimizers(self.model, options)
        if options.init:
            self._initialise(options.init)
        self.forward = torch.compile(self.model) if options.compile else self.model
        self.schedule = Schedule(options)
        self.log_file = open(os.path.join(options.out, "train.log"), "a", encoding="utf-8")
        held = batches.read_pool(options.validation)
        self.validation = batches.validation_batches(held, self.tokenizer)
        self.validation_size = len(held)
        self._use(options.pool, options.seed)
        self.best = -1.0

    def _initialise(self, source):
        if os.path.isdir(source):
            tensors, config = checkpoint.load(source)
            state = checkpoint.from_hugging_face(tensors, config)
            before = Tokenizer(os.path.join(source, "tokenizer.json"))
            state["emb.weight"] = transplanted(state["emb.weight"], before, self.tokenizer)
            self.model.load_state_dict(state)
            return
        saved = torch.load(source, weights_only=True)
        self.model.load_state_dict(saved["model"])
        for optimizer, state in zip(self.optimizers, saved.get("optimizers", [])):
            optimizer.load_state_dict(state)

    def _use(self, paths, seed):
        pool = [record for path in paths for record in batches.read_pool(path)]
        self.sampler = batches.Sampler(pool, self.tokenizer, seed)
        self.say(f"pool of {len(pool)} pairs from {' '.join(map(os.path.basename, paths))}")

    def say(self, text):
        line = datetime.datetime.now(datetime.timezone.utc).strftime("%H:%M:%S ") + text
        print(line, flush=True)
        self.log_file.write(line + "\n")
        self.log_file.flush()

    def scores(self, batch, block):
        """(logits, targets) at the positions with a target."""
        arguments = [batch.ids, batch.segments, batch.positions]
        if block is not None:
            arguments += [block[0], block[1]]
        wanted = batch.targets != batches.NO_TARGET
        return self.model.logits(self.forward(*arguments)[wanted]), batch.targets[wanted]

    def validate(self):
        """(mean loss, share of pairs predicted without a wrong token) under the full prompt."""
        block, held = self.validation
        loss = count = wrong = 0
        with torch.no_grad():
            for batch in held:
                logits, targets = self.scores(batch, block)
                loss += F.cross_entropy(logits, targets, reduction="sum").item()
                count += targets.numel()
                bad = torch.zeros_like(batch.targets, dtype=torch.bool)
                bad[batch.targets != batches.NO_TARGET] = logits.argmax(-1) != targets
                rows, _ = bad.nonzero(as_tuple=True)
                wrong += len(set(zip(rows.tolist(), batch.segments[bad].tolist())))
        return loss / count, 1.0 - wrong / self.validation_size

    def save(self, step, validate):
        """Writes last.pt, and best.pt if the model was validated and is the best so far."""
        state = {"model": self.model.state_dict(), "config": CONFIG, "step": step}
        if validate:
            loss, exact = self.validate()
            self.say(f"  validation loss {loss:.4f} exact {exact:.3f}")
            if exact - 0.01 * loss > self.best:
                self.best = exact - 0.01 * loss
                self._write(state, "best.pt")
        optimizers = [optimizer.state_dict() for optimizer in self.optimizers]
        self._write({**state, "optimizers": optimizers}, "last.pt")

    def _write(self, state, name):
        path = os.path.join(self.options.out, name)
        torch.save(state, path + ".tmp")
        os.replace(path + ".tmp", path)

    def step(self, rate, shares):
        for optimizer in self.optimizers:
            for group in optimizer.param_groups:
                group["lr"] = rate
        kind, block, batch = self.sampler.next(*shares)
        logits, targets = self.scores(batch, block)
        weights = batch.weights[batch.targets != batches.NO_TARGET]
        loss = (F.cross_entropy(logits, targets, reduction="none") * weights).sum() / weights.sum()
        self.model.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        for optimizer in self.optimizers:
            optimizer.step()
        return kind, loss.item(), batch

    def run(self):
        options = self.options
        shares = (options.full_share, options.trimmed_share, options.copy_share)
        step = pairs = tokens = saves = 0
        means = {}
        begun = saved = time.monotonic()
        while True:
            if self.schedule.update(step):
                self.say(f"decay begins at step {step}, {self.schedule.decay_steps} steps")
                shares = (options.decay_full_share, options.decay_trimmed_share, 0.0)
                if options.decay_pool:
                    self._use(options.decay_pool, options.seed + 1)
            rate = self.schedule.rate(step)
            if rate is None:
                break
            kind, loss, batch = self.step(rate, shares)
            means[kind] = 0.97 * means.get(kind, loss) + 0.03 * loss
            step += 1
            pairs += batch.pairs
            tokens += batch.tokens
            if step % 20 == 0:
                losses = " ".join(f"{name} {value:.4f}" for name, value in sorted(means.items()))
                speed = tokens / (time.monotonic() - begun)
                self.say(
                    f"step {step} loss {losses} lr {rate:.2e} pairs {pairs} "
                    f"tokens {tokens / 1e6:.2f}M epoch {self.sampler.epochs} {speed:.0f} tok/s"
                )
            if time.monotonic() - saved > options.save_seconds:
                saves += 1
                self.save(step, saves % options.validate_every == 0)
                saved = time.monotonic()
        self.save(step, True)
        self.say(f"done: {step} steps, {pairs} pairs, {tokens} tokens")


if __name__ == "__main__":
    Trainer(arguments()).run()
