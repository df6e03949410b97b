"""Turns generated pairs into packed training batches."""

import gzip
import json
import random
import re
from dataclasses import dataclass

import torch

import prompt

ROW_TOKENS = 288
ROWS = 12
CHUNK_PAIRS = 300
NO_TARGET = -100
LITERAL_WEIGHT = 4.0


def read_pool(path):
    """The records of a pool file (JSON lines, gzip)."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def tables_of(sql):
    """Names of the tables a statement reads."""
    return set(re.findall(r"\b(?:FROM|JOIN) ([A-Z]\w+)", sql))


def encode_pair(record, tokenizer):
    """Token ids of the user, repair and answer turns, and the index of the first target."""
    text = prompt.turn("user", record["q"])
    if "bad" in record:
        text += prompt.turn("assistant", prompt.answer(record["bad"], record["why"]))
        text += prompt.turn("user", prompt.repair(record["error"]))
    ids = tokenizer.encode(text + prompt.ASSISTANT)
    start = len(ids)
    answer = tokenizer.encode(prompt.answer(record["sql"], record["why"]) + "<|im_end|>")
    return ids + answer, start, weights(answer, tokenizer)


def weights(answer, tokenizer):
    """Loss weight of each answer token: more inside of quotation marks, where it must be copied."""
    found = []
    inside = False
    for token in answer:
        marks = tokenizer.token_of[token].count("'")
        found.append(LITERAL_WEIGHT if inside or tokenizer.token_of[token].isdigit() else 1.0)
        inside ^= marks % 2 == 1
    return found


LITERAL = re.compile("'((?:[^']|'')*)'")


def literals_of(record):
    """The quoted values of a record's query, as a person writes them."""
    found = (text.replace("''", "'") for text in LITERAL.findall(record["sql"]))
    return [text for text in found if text.strip() and "%" not in text]


def encode_copy(literals, tokenizer, rng):
    """A list of values and the same values quoted, in the same order or in another one."""
    again = list(literals)
    if rng.random() < 0.5:
        rng.shuffle(again)
    ids = tokenizer.encode("copy " + ", ".join(literals) + "\n")
    start = len(ids)
    answer = tokenizer.encode(", ".join("'" + text.replace("'", "''") + "'" for text in again))
    return ids + answer, start, [1.0] * len(answer)


def encode_repeat(tokenizer, rng):
    """Random tokens and the same once more: nothing but looking back helps."""
    ids = [rng.randrange(len(tokenizer.special), len(tokenizer.vocab)) for _ in range(rng.randint(4, 40))]
    # The first token of the repetition cannot be known.
    return ids + ids, len(ids) + 1, [1.0] * (len(ids) - 1)


@dataclass
class Batch:
    """Packed rows [B, L]; targets are shifted by one and NO_TARGET where nothing is learnt."""

    ids: torch.Tensor
    segments: torch.Tensor
    positions: torch.Tensor
    targets: torch.Tensor
    weights: torch.Tensor
    pairs: int
    tokens: int


def pack(pairs, rows=None):
    """Fills rows first-fit with (ids, start, weights) pairs, longest first; keeps the first `rows` rows."""
    bins = []
    for pair in sorted(pairs, key=lambda item: -len(item[0])):
        for row in bins:
            if row[0] + len(pair[0]) <= ROW_TOKENS:
                row[0] += len(pair[0])
                row[1].append(pair)
                break
        else:
            bins.append([len(pair[0]), [pair]])
    return bins if rows is None else bins[:rows]


def to_batch(bins, offset):
    """Tensors of the given bins, padded to ROWS rows."""
    ids = torch.zeros(ROWS, ROW_TOKENS, dtype=torch.long)
    segments = torch.full((ROWS, ROW_TOKENS), -1)
    positions = torch.zeros(ROWS, ROW_TOKENS, dtype=torch.long)
    targets = torch.full((ROWS, ROW_TOKENS), NO_TARGET)
    loss_weights = torch.zeros(ROWS, ROW_TOKENS)
    pairs = 0
    for row, (_, members) in enumerate(bins):
        at = 0
        for number, (tokens, start, weight) in enumerate(members):
            end = at + len(tokens)
            ids[row, at:end] = torch.tensor(tokens)
            segments[row, at:end] = number
            positions[row, at:end] = torch.arange(offset, offset + len(tokens))
            targets[row, at + start - 1 : end - 1] = torch.tensor(tokens[start:])
            loss_weights[row, at + start - 1 : end - 1] = torch.tensor(weight)
            at = end
            pairs += 1
    tokens = sum(size for size, _ in bins)
    return Batch(ids, segments, positions, targets, loss_weights, pairs, tokens)


class Prefixes:
    """Encoded system blocks, right-padded to one length so that compiled code sees one shape."""

    def __init__(self, tokenizer):
        self.tokenizer = tokenizer
        self.size = len(tokenizer.encode(prompt.turn("system", prompt.system())))

    def block(self, tables=None):
        """(ids [P], visible [P], length) of the system block with the given tables."""
        ids = self.tokenizer.encode(prompt.turn("system", prompt.system(tables)))
        padded = torch.zeros(self.size, dtype=torch.long)
        padded[: len(ids)] = torch.tensor(ids)
        return padded, torch.arange(self.size) < len(ids), len(ids)


class Sampler:
    """Endless batches from a pool of records."""

    def __init__(self, pool, tokenizer, seed):
        self.pool = pool
        self.tokenizer = tokenizer
        self.random = random.Random(seed)
        self.prefixes = Prefixes(tokenizer)
        self.full = self.prefixes.block()
        self.order = []
        self.ready = []
        self.epochs = -1

    def _draw(self):
        if not self.order:
            self.order = list(range(len(self.pool)))
            self.random.shuffle(self.order)
            self.epochs += 1
        return self.pool[self.order.pop()]

    def _encode(self, records):
        pairs = (encode_pair(record, self.tokenizer) for record in records)
        return [pair for pair in pairs if len(pair[0]) <= ROW_TOKENS]

    def _rows(self):
        while len(self.ready) < ROWS:
            fresh = pack(self._encode(self._draw() for _ in range(CHUNK_PAIRS)))
            self.random.shuffle(fresh)
            self.ready.extend(fresh)
        rows, self.ready = self.ready[:ROWS], self.ready[ROWS:]
        return rows

    def _trimmed(self):
        wanted = set(self.random.choice(prompt.TABLES) for _ in range(self.random.randint(0, 4)))
        wanted |= tables_of(self.random.choice(self.pool)["sql"])
        tables = [table for table in prompt.TABLES if table in wanted]
        picked = []
        for _ in range(4000):
            record = self.random.choice(self.pool)
            if tables_of(record["sql"]) <= wanted:
                picked.append(record)
                if len(picked) == 40:
                    break
        rows = pack(self._encode(picked), ROWS)
        return self.prefixes.block(tables), rows

    def _copies(self):
        values = [text for record in self.random.sample(self.pool, 600) for text in literals_of(record)]
        self.random.shuffle(values)
        groups = []
        while values:
            size = self.random.randint(2, 6)
            groups.append(values[:size])
            values = values[size:]
        pairs = [encode_copy(group, self.tokenizer, self.random) for group in groups[:50]]
        pairs += [encode_repeat(self.tokenizer, self.random) for _ in range(10)]
        self.random.shuffle(pairs)
        rows = pack([pair for pair in pairs if len(pair[0]) <= ROW_TOKENS])
        self.random.shuffle(rows)
        return rows[:ROWS]

    def next(self, full_share, trimmed_share, copy_share):
        """(kind, prefix block or None, batch) for the given shares of prompts and copying."""
        if self.random.random() < copy_share:
            return "copy", None, to_batch(self._copies(), 0)
        draw = self.random.random()
        if draw < trimmed_share:
            block, rows = self._trimmed()
            return "trimmed", block, to_batch(rows, block[2])
        if draw < trimmed_share + full_share:
            return "full", self.full, to_batch(self._rows(), self.full[2])
        return "none", None, to_batch(self._rows(), 0)


def validation_batches(records, tokenizer):
    """Batches that hold each record once, with positions after the full system block."""
    block = Prefixes(tokenizer).block()
    pairs = [encode_pair(record, tokenizer) for record in records]
    rows = pack(pairs)
    groups = [rows[at : at + ROWS] for at in range(0, len(rows), ROWS)]
    return block, [to_batch(group, block[2]) for group in groups]
