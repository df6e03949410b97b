"""Execution accuracy of a checkpoint on question files.

An answer counts if it is the JSON object that was asked for and its statement returns the same
rows as the gold statement (EX-bag: column names ignored, floats within max(0.01, 1e-3 relative),
strings trimmed, row order significant only if the gold statement has a top-level ORDER BY).
"""

import argparse
import collections
import gzip
import json
import math
import os
import re
import sqlite3
import time

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import torch
import yaml

import prompt
from inference import LanguageModel

SECONDS = 10
ROW_LIMIT = 10_000


def read_questions(path):
    """Items with question, sql and group (tier or family) of a YAML, JSON or pool file."""
    if path.endswith(".gz"):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            rows = [json.loads(line) for line in file]
        return [{"question": r["q"], "sql": r["sql"], "group": r["family"]} for r in rows]
    with open(path, encoding="utf-8") as file:
        data = yaml.safe_load(file)
    rows = data["questions"] if isinstance(data, dict) else data
    return [{"question": r["question"], "sql": r["sql"], "group": str(r["tier"])} for r in rows]


class Database:
    """Runs statements read-only with a time and a row limit."""

    def __init__(self, path):
        self.connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        self.connection.execute("PRAGMA query_only = ON")

    def run(self, sql):
        """(rows, None) or (None, message)."""
        end = time.monotonic() + SECONDS
        self.connection.set_progress_handler(lambda: time.monotonic() > end, 100_000)
        try:
            return self.connection.execute(sql).fetchmany(ROW_LIMIT), None
        except (sqlite3.Error, sqlite3.Warning) as error:
            return None, str(error)


def is_ordered(sql):
    """Whether the statement has an ORDER BY outside of parentheses and string literals."""
    text = re.sub(r"'(?:[^']|'')*'", "''", sql)
    while True:
        shorter = re.sub(r"\([^()]*\)", "", text)
        if shorter == text:
            return re.search(r"\border\s+by\b", text, re.I) is not None
        text = shorter


def same_value(left, right):
    numbers = [isinstance(value, (int, float)) for value in (left, right)]
    if all(numbers):
        return abs(left - right) <= max(0.01, 1e-3 * abs(right))
    if any(numbers) or left is None or right is None:
        return left is right
    return str(left).strip() == str(right).strip()


def sort_key(row):
    """Text first, then numbers, so that rounding noise in a number seldom changes the order."""
    text = [str(value).strip() for value in row if not isinstance(value, (int, float))]
    return text, [value for value in row if isinstance(value, (int, float))]


def same_rows(left, right, ordered):
    """EX-bag of two row lists; the right one is gold."""
    if len(left) != len(right):
        return False
    if not ordered:
        left, right = sorted(left, key=sort_key), sorted(right, key=sort_key)
    return all(
        len(a) == len(b) and all(map(same_value, a, b)) for a, b in zip(left, right)
    )


def parse_answer(text):
    """The SQL of a well-formed JSON answer, else None."""
    try:
        answer = json.loads(text)
    except ValueError:
        return None
    if not isinstance(answer, dict) or set(answer) != {"sql", "rationale"}:
        return None
    return answer["sql"] if all(isinstance(part, str) for part in answer.values()) else None


def attempt(text, database):
    """(sql, rows, error) of one model answer."""
    sql = parse_answer(text)
    if sql is None:
        return None, None, "the answer is not the JSON object that was asked for"
    if not re.match(r"\s*(SELECT|WITH)\b", sql, re.I):
        return sql, None, "only SELECT statements are allowed"
    rows, error = database.run(sql)
    return sql, rows, error


def ask(model, system, items, database, repairs):
    """Adds answer, sql, rows, error and turns to each item."""
    for item in items:
        item["chat"] = prompt.turn("user", item["question"])
        item["turns"] = 0
    open_items = items
    for turn in range(repairs + 1):
        chats = [item["chat"] + prompt.ASSISTANT for item in open_items]
        for item, text in zip(open_items, model.generate(system, chats)):
            item["turns"] = turn + 1
            item["answer"] = text
            item["sql_out"], item["rows"], item["error"] = attempt(text, database)
            if turn == 0:
                item["json"] = item["sql_out"] is not None
                item["executable"] = item["error"] is None
            if item["error"]:
                item["chat"] += prompt.turn("assistant", text)
                item["chat"] += prompt.turn("user", prompt.repair(item["error"]))
        open_items = [item for item in open_items if item["error"]]
        if not open_items:
            break


def wilson(hits, count):
    """95 % Wilson interval of a proportion."""
    z = 1.959964
    centre = (hits + z * z / 2) / (count + z * z)
    spread = z * math.sqrt(hits * (count - hits) / count + z * z / 4) / (count + z * z)
    return max(0.0, centre - spread), min(1.0, centre + spread)


def report(name, items):
    count = len(items)
    hits = sum(item["correct"] for item in items)
    low, high = wilson(hits, count)
    valid = sum(item["json"] for item in items)
    runs = sum(item["executable"] for item in items)
    print(
        f"{name:34s} {hits:4d}/{count:<4d} {100 * hits / count:5.1f} % "
        f"[{100 * low:.1f}, {100 * high:.1f}]  JSON {100 * valid / count:5.1f} %  "
        f"executable {100 * runs / count:5.1f} %",
        flush=True,
    )


def evaluate(model, path, database, options):
    items = read_questions(path)[: options.limit]
    system = prompt.turn("system", prompt.system())
    items.sort(key=lambda item: len(item["question"]))
    for at in range(0, len(items), options.batch):
        ask(model, system, items[at : at + options.batch], database, options.repairs)
    for item in items:
        gold, error = database.run(item["sql"])
        if error:
            raise ValueError(f"{path}: gold statement fails: {error}: {item['sql']}")
        rows = item.pop("rows")
        item.pop("chat")
        item["correct"] = rows is not None and same_rows(rows, gold, is_ordered(item["sql"]))
        item["empty_gold"] = not gold or all(value in (None, 0) for row in gold for value in row)
    name = os.path.basename(path)
    groups = collections.defaultdict(list)
    for item in items:
        groups[item["group"]].append(item)
    for group in sorted(groups):
        report(f"{name} {group}", groups[group])
    report(f"{name} all", items)
    report(f"{name} gold not empty", [item for item in items if not item["empty_gold"]])
    return items


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", help="checkpoint folder or a training .pt file")
    parser.add_argument("--tokenizer", help="tokenizer.json (default: in the checkpoint folder)")
    parser.add_argument("--database", required=True)
    parser.add_argument("--questions", required=True, nargs="+", help="YAML, JSON or pool files")
    parser.add_argument("--limit", type=int, help="only the first N questions of each file")
    parser.add_argument("--repairs", type=int, default=2, help="extra turns after an error")
    parser.add_argument("--batch", type=int, default=40)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--dump", help="write every answer to this JSON file")
    return parser.parse_args()


def main():
    options = arguments()
    torch.set_num_threads(options.threads)
    tokenizer = options.tokenizer or os.path.join(options.checkpoint, "tokenizer.json")
    model = LanguageModel(options.checkpoint, tokenizer)
    database = Database(options.database)
    answers = {path: evaluate(model, path, database, options) for path in options.questions}
    if options.dump:
        with open(options.dump, "w", encoding="utf-8") as file:
            json.dump(answers, file, indent=1, ensure_ascii=False)


if __name__ == "__main__":
    main()
