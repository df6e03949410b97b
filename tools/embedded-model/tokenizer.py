"""Byte-level BPE: a loader for `tokenizer.json` and the trainer that produced it.

The loader is plain Python and shares nothing with the Java tokenizer, so it can serve as a
reference. `python3 tokenizer.py POOL OUT` learns a vocabulary from generated questions.
"""

import argparse
import collections
import gzip
import json

import regex

import prompt

PATTERN = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
NEVER = 1 << 30


def byte_alphabet():
    """GPT-2's printable stand-in for each byte."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    table = {byte: chr(byte) for byte in plain}
    shifted = (byte for byte in range(256) if byte not in table)
    table.update({byte: chr(256 + index) for index, byte in enumerate(shifted)})
    return table


TO_CHAR = byte_alphabet()
SPACE = TO_CHAR[32]
TO_BYTE = {char: byte for byte, char in TO_CHAR.items()}


def merge_pair(parts, pair):
    """Replaces each occurrence of the pair in a list of symbols by its concatenation."""
    merged = []
    index = 0
    while index < len(parts):
        if tuple(parts[index : index + 2]) == pair:
            merged.append(pair[0] + pair[1])
            index += 2
        else:
            merged.append(parts[index])
            index += 1
    return merged


class Tokenizer:
    """Encodes and decodes text with a Hugging Face `tokenizer.json` of the byte-level BPE kind."""

    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            data = json.load(file)
        self.vocab = data["model"]["vocab"]
        self.token_of = {index: token for token, index in self.vocab.items()}
        merges = (m.split(" ") if isinstance(m, str) else m for m in data["model"]["merges"])
        self.rank = {tuple(pair): index for index, pair in enumerate(merges)}
        self.special = {token["content"]: token["id"] for token in data["added_tokens"]}
        self.words = regex.compile(PATTERN)
        self.splitter = regex.compile("(" + "|".join(map(regex.escape, self.special)) + ")")
        self.cache = {}

    def encode_bytes(self, word):
        """Token ids of the bytes of one word."""
        parts = [TO_CHAR[byte] for byte in word]
        while len(parts) > 1:
            pairs = zip(parts, parts[1:])
            best = min(pairs, key=lambda pair: self.rank.get(pair, NEVER))
            if best not in self.rank:
                break
            parts = merge_pair(parts, best)
        return [self.vocab[part] for part in parts]

    def _word(self, word):
        ids = self.cache.get(word)
        if ids is None:
            ids = self.encode_bytes(word.encode())
            if len(self.cache) < 200_000:
                self.cache[word] = ids
        return ids

    def encode(self, text):
        """Token ids of the text; special tokens written out in the text are recognised."""
        ids = []
        for part in self.splitter.split(text):
            if part in self.special:
                ids.append(self.special[part])
            else:
                for word in self.words.findall(part):
                    ids.extend(self._word(word))
        return ids

    def decode(self, ids):
        """Text of the ids without special tokens."""
        tokens = (self.token_of[index] for index in ids)
        raw = bytearray(
            TO_BYTE[char] for token in tokens if token not in self.special for char in token
        )
        return raw.decode("utf-8", "replace")


def splits_literals(left, right):
    """Whether the pair must stay apart so that a literal has the same tokens wherever it stands.

    `Brazil` follows a space in the question and a quotation mark in the query. If the space never
    joins a capitalised word, both are the same tokens and copying is repeating; likewise digits
    stay single. SQL's capitals and table names are no literals and may join.
    """
    if left == SPACE:
        if right in prompt.TABLES:
            return False
        return right[0].isdigit() or (right[0].isupper() and not (len(right) > 1 and right.isupper()))
    return left[-1].isdigit() or right[0].isdigit()


class Trainer:
    """Counts pairs of neighbouring symbols and merges the most frequent one, again and again."""

    def __init__(self, weighted_texts):
        words = regex.compile(PATTERN)
        counts = collections.Counter()
        for text, weight in weighted_texts:
            for word in words.findall(text):
                counts[word] += weight
        self.words = [[TO_CHAR[byte] for byte in word.encode()] for word in counts]
        self.counts = list(counts.values())
        self.pairs = collections.Counter()
        self.where = collections.defaultdict(set)
        for index in range(len(self.words)):
            self._add(index, 1)

    def _add(self, index, sign):
        word = self.words[index]
        for pair in zip(word, word[1:]):
            if splits_literals(*pair):
                continue
            self.pairs[pair] += sign * self.counts[index]
            if sign > 0:
                self.where[pair].add(index)
            else:
                self.where[pair].discard(index)
                if self.pairs[pair] <= 0:
                    del self.pairs[pair]

    def learn(self, size, least):
        """(vocabulary, merges) of at most `size` tokens from pairs seen `least` times or more."""
        vocabulary = sorted(TO_CHAR.values())
        merges = []
        while len(vocabulary) + len(SPECIAL) < size and self.pairs:
            pair, count = max(self.pairs.items(), key=lambda item: (item[1], item[0]))
            if count < least:
                break
            merges.append(pair)
            vocabulary.append(pair[0] + pair[1])
            for index in list(self.where[pair]):
                self._add(index, -1)
                self.words[index] = merge_pair(self.words[index], pair)
                self._add(index, 1)
        return SPECIAL + list(dict.fromkeys(vocabulary)), merges


def write(path, vocabulary, merges):
    """Writes `tokenizer.json`."""
    special = [
        {
            "id": index,
            "content": content,
            "single_word": False,
            "lstrip": False,
            "rstrip": False,
            "normalized": False,
            "special": True,
        }
        for index, content in enumerate(SPECIAL)
    ]
    byte_level = {
        "type": "ByteLevel",
        "add_prefix_space": False,
        "trim_offsets": True,
        "use_regex": True,
    }
    model = {
        "type": "BPE",
        "dropout": None,
        "unk_token": None,
        "continuing_subword_prefix": "",
        "end_of_word_suffix": "",
        "fuse_unk": False,
        "byte_fallback": False,
        "vocab": {token: index for index, token in enumerate(vocabulary)},
        "merges": [f"{left} {right}" for left, right in merges],
    }
    data = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": special,
        "normalizer": None,
        "pre_tokenizer": byte_level,
        "post_processor": None,
        "decoder": byte_level,
        "model": model,
    }
    with open(path, "w", encoding="utf-8") as file:
        json.dump(data, file, ensure_ascii=False, indent=0)


def training_texts(records):
    """Questions, answers and, with more weight, the fixed parts of the prompt."""
    for record in records:
        yield record["q"], 1
        yield prompt.answer(record["sql"], record["why"]), 1
    yield prompt.system(), 300
    yield "user\n\nsystem\n\nassistant\n\n", 300
    yield prompt.repair("no such column: t.Title near syntax error no such table"), 200


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pool", help="pool file to learn from (.jsonl.gz)")
    parser.add_argument("out", help="tokenizer.json to write")
    parser.add_argument("--size", type=int, default=2048, help="vocabulary size")
    parser.add_argument("--least", type=int, default=3, help="fewest occurrences of a merged pair")
    options = parser.parse_args()
    with gzip.open(options.pool, "rt", encoding="utf-8") as file:
        records = [json.loads(line) for line in file]
    vocabulary, merges = Trainer(training_texts(records)).learn(options.size, options.least)
    write(options.out, vocabulary, merges)
    print(f"{len(vocabulary)} tokens, {len(merges)} merges")


if __name__ == "__main__":
    main()
