"""Generates question/SQL pairs and keeps the held-out sets apart.

    generate.py pool      writes training pools
    generate.py heldout   writes the generated test and validation sets
    generate.py hashes    writes the fingerprint of all training questions
    generate.py check     fails if a question of an evaluation set occurs in training
"""

import argparse
import collections
import gzip
import hashlib
import json
import random
import re
import sqlite3
import sys

import yaml

import grammar
from literals import Literals

HELD_OUT_SEED = 777
TEST_PAIRS = 500
VALIDATION_PAIRS = 200
REPAIR_SHARE = 0.06

# One fault per entry: (pattern, replacement); the first that breaks the statement is used.
FAULTS = [
    (r"t\.Name", "t.Title"),
    (r"al\.Title", "al.Name"),
    (r"i\.InvoiceDate", "i.Date"),
    (r"i\.BillingCountry", "il.BillingCountry"),
    (r"il\.Quantity", "il.Qty"),
    (r"c\.FirstName", "c.Name"),
    (r"FROM (\w+)", r"FROM \1s"),
    (r" JOIN Genre g ON \S+ = \S+", ""),
    (r" JOIN Invoice i ON \S+ = \S+", ""),
    (r" JOIN Artist ar ON \S+ = \S+", ""),
    (r" JOIN Track t ON \S+ = \S+", ""),
    (r"GROUP BY", "GROUP"),
    (r"ORDER BY", "ORDER"),
    (r" FROM", ", FROM"),
    (r"SUM\(", "TOTAL_SUM("),
    (r"Milliseconds", "Duration"),
    (r"Country", "CountryName"),
    (r"strftime\(", "YEAR("),
    (r"COUNT\(\*\)", "COUNT("),
    (r"ar\.Name", "ar.ArtistName"),
    (r"g\.Name", "g.Genre"),
]


def normalise(question):
    """Lower case, every run of other characters than a-z and 0-9 as one space, trimmed."""
    return re.sub(r"[^a-z0-9]+", " ", question.lower()).strip()


def fingerprint(question):
    """The first 8 bytes of SHA-256 of the normalised question."""
    return hashlib.sha256(normalise(question).encode()).digest()[:8]


def corrupt(sql, connection, rng):
    """(faulty statement, error of the database), or None if no fault fits."""
    for pattern, replacement in rng.sample(FAULTS, len(FAULTS)):
        faulty = re.sub(pattern, replacement, sql, count=1)
        if faulty != sql:
            try:
                connection.execute("EXPLAIN " + faulty)
            except sqlite3.Error as error:
                return faulty, str(error)
    return None


def build(count, seed, database, avoid=frozenset(), repairs=0.0):
    """Questions with executable SQL, distinct and not among the fingerprints to avoid."""
    rng = random.Random(seed)
    literals = Literals(database)
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    seen = set(avoid)
    records = []
    while len(records) < count:
        family, pair = grammar.draw(rng, literals)
        key = fingerprint(pair.question)
        if key in seen:
            continue
        connection.execute("EXPLAIN " + pair.sql)
        seen.add(key)
        record = {
            "q": pair.question,
            "sql": pair.sql,
            "why": pair.why,
            "family": family,
            "intent": pair.intent,
        }
        if rng.random() < repairs:
            fault = corrupt(pair.sql, connection, rng)
            if fault:
                record["bad"], record["error"] = fault
        records.append(record)
    connection.close()
    return records


def questions_of(path):
    """Questions of an evaluation file: JSON, YAML or a pool."""
    if path.endswith(".gz"):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            return [json.loads(line)["q"] for line in file]
    with open(path, encoding="utf-8") as file:
        data = yaml.safe_load(file)
    items = data.get("questions", []) if isinstance(data, dict) else data
    return [item["question"] for item in items]


def read_hashes(path):
    with gzip.open(path, "rb") as file:
        raw = file.read()
    return {raw[at : at + 8] for at in range(0, len(raw), 8)}


def fingerprints_of(path):
    """Fingerprints in a fingerprint file, or of the questions of another file."""
    if path.endswith(".hashes.gz"):
        return read_hashes(path)
    return {fingerprint(text) for text in questions_of(path)}


def write_pool(path, records):
    with gzip.GzipFile(path, "wb", mtime=0) as file:
        for record in records:
            file.write((json.dumps(record, ensure_ascii=False) + "\n").encode())


def excluded(options):
    """Fingerprints of all questions in the files to exclude."""
    return set().union(*(fingerprints_of(path) for path in options.exclude))


def pool(options):
    records = build(options.count, options.seed, options.database, excluded(options), REPAIR_SHARE)
    write_pool(options.out, records)
    families = collections.Counter(record["family"] for record in records)
    print(f"{len(records)} pairs:", ", ".join(f"{k} {v}" for k, v in families.most_common()))


def heldout(options):
    count = TEST_PAIRS + VALIDATION_PAIRS
    records = build(count, HELD_OUT_SEED, options.database, excluded(options))
    write_pool(options.test, records[:TEST_PAIRS])
    write_pool(options.validation, records[TEST_PAIRS:])
    print(f"{TEST_PAIRS} test and {VALIDATION_PAIRS} validation pairs")


def hashes(options):
    found = set().union(*(fingerprints_of(path) for path in options.pools))
    with gzip.GzipFile(options.out, "wb", mtime=0) as file:
        file.write(b"".join(sorted(found)))
    print(f"{len(found)} distinct questions")


def check(options):
    known = read_hashes(options.hashes)
    clashes = 0
    for path in options.files:
        questions = questions_of(path)
        same = [text for text in questions if fingerprint(text) in known]
        clashes += len(same)
        print(f"{path}: {len(same)} of {len(questions)} questions occur in the training text")
        for text in same:
            print("  " + text)
    sys.exit(1 if clashes else 0)


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(required=True)
    command = commands.add_parser("pool", help="write a training pool")
    command.add_argument("--database", required=True, help="SQLite file with the schema")
    command.add_argument("--count", type=int, default=60000)
    command.add_argument("--seed", type=int, default=4242)
    command.add_argument("--exclude", nargs="*", default=[], help="question, pool or fingerprint files to avoid")
    command.add_argument("--out", required=True, help="pool file (.jsonl.gz)")
    command.set_defaults(run=pool)
    command = commands.add_parser("heldout", help="write the held-out sets")
    command.add_argument("--database", required=True)
    command.add_argument("--exclude", nargs="*", default=[])
    command.add_argument("--test", required=True, help="file of the test pairs")
    command.add_argument("--validation", required=True, help="file of the validation pairs")
    command.set_defaults(run=heldout)
    command = commands.add_parser("hashes", help="write the question fingerprints")
    command.add_argument("--out", required=True)
    command.add_argument("pools", nargs="+")
    command.set_defaults(run=hashes)
    command = commands.add_parser("check", help="look for evaluation questions in training")
    command.add_argument("--hashes", default="training-questions.hashes.gz")
    command.add_argument("files", nargs="+", help="YAML or JSON question files")
    command.set_defaults(run=check)
    return parser.parse_args()


def main():
    options = arguments()
    options.run(options)


if __name__ == "__main__":
    main()
