"""Tests of the tooling: python3 -m unittest (from this folder, no database needed)."""

import os
import random
import re
import sqlite3
import tempfile
import unittest

import batches
import generate
import grammar
import prompt
from evaluate import is_ordered, parse_answer, same_rows, wilson
from grammar.core import Context, join, simplify
from grammar.templates import TEMPLATES, fill
from literals import Literals
from tokenizer import Tokenizer, Trainer, write

HERE = os.path.dirname(os.path.abspath(__file__))


def tiny_database(path):
    """The schema with one or two rows per table."""
    connection = sqlite3.connect(path)
    for name, columns in prompt.SCHEMA:
        names = [column.split(":")[0] for column in columns.split(", ")]
        connection.execute(f"CREATE TABLE {name} ({', '.join(names)})")
        values = ["2024-01-02 00:00:00" if "Date" in column else "Ada" for column in names]
        marks = ", ".join("?" * len(names))
        connection.execute(f"INSERT INTO {name} VALUES ({marks})", values)
        connection.execute(f"INSERT INTO {name} VALUES ({marks})", values)
    connection.commit()
    connection.close()


class ToolsTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.database = os.path.join(folder.name, "tiny.db")
        tiny_database(self.database)

    def test_system_file_is_the_prompt(self):
        with open(os.path.join(HERE, "system.txt"), encoding="utf-8", newline="") as file:
            self.assertEqual(file.read(), prompt.system())

    def test_normalised_text_keeps_letters_and_digits_only(self):
        self.assertEqual(generate.normalise("  What's ÜP – in 2024?"), "what s p in 2024")
        self.assertEqual(len(generate.fingerprint("x")), 8)

    def test_every_pair_of_the_grammar_runs(self):
        literals = Literals(self.database)
        connection = sqlite3.connect(self.database)
        rng = random.Random(1)
        for _ in range(3000):
            _, pair = grammar.draw(rng, literals)
            connection.execute("EXPLAIN " + pair.sql)
            self.assertIsNone(re.search(r"[{}|$]|<[A-Za-z]", pair.question), pair.question)

    def test_every_template_runs_with_every_alternative(self):
        context = Context(random.Random(2), Literals(self.database))
        connection = sqlite3.connect(self.database)
        for template in TEMPLATES:
            for _ in range(4 * max(1, len(template.vary))):
                connection.execute("EXPLAIN " + fill(context, template).sql)

    def test_a_seed_gives_the_same_questions(self):
        first = generate.build(50, 3, self.database)
        self.assertEqual(first, generate.build(50, 3, self.database))

    def test_excluded_questions_do_not_occur(self):
        first = generate.build(50, 3, self.database)
        avoid = {generate.fingerprint(record["q"]) for record in first}
        again = generate.build(50, 3, self.database, avoid)
        self.assertFalse(avoid & {generate.fingerprint(record["q"]) for record in again})

    def test_a_fault_breaks_the_statement(self):
        connection = sqlite3.connect(self.database)
        faulty, error = generate.corrupt("SELECT Name FROM Genre", connection, random.Random(4))
        self.assertNotEqual(faulty, "SELECT Name FROM Genre")
        self.assertTrue(error)

    def test_joins_reach_needed_tables_and_lose_a_single_alias(self):
        clause, aliases = join("il", {"ar"})
        self.assertEqual(aliases, ["il", "t", "al", "ar"])
        self.assertIn("JOIN Artist ar ON al.ArtistId = ar.ArtistId", clause)
        self.assertEqual(simplify("SELECT t.Name FROM Track t", ["t"]), "SELECT Name FROM Track")

    def test_order_by_counts_only_at_the_top(self):
        self.assertTrue(is_ordered("SELECT a FROM b ORDER BY a"))
        self.assertFalse(is_ordered("SELECT SUM(a) OVER (ORDER BY b) FROM (SELECT 1 ORDER BY 1)"))
        self.assertFalse(is_ordered("SELECT ' order by '"))

    def test_rows_compare_as_bags_with_tolerance(self):
        self.assertTrue(same_rows([("b", 2), ("a", 1.004)], [("a", 1), ("b", 2)], False))
        self.assertFalse(same_rows([("b", 2), ("a", 1)], [("a", 1), ("b", 2)], True))
        self.assertFalse(same_rows([("a", 1)], [("a", 1), ("a", 1)], False))
        self.assertFalse(same_rows([("a", None)], [("a", 0)], False))

    def test_only_the_asked_json_object_is_an_answer(self):
        self.assertEqual(parse_answer('{"sql": "SELECT 1", "rationale": "x"}'), "SELECT 1")
        for text in ("SELECT 1", '{"sql": "SELECT 1"}', '{"sql": 1, "rationale": "x"}', "[]"):
            self.assertIsNone(parse_answer(text))

    def test_wilson_interval_of_half(self):
        low, high = wilson(50, 100)
        self.assertAlmostEqual(low, 0.404, places=3)
        self.assertAlmostEqual(high, 0.596, places=3)

    def test_a_learnt_tokenizer_round_trips(self):
        texts = [("How many tracks are there?", 5), ("SELECT COUNT(*) FROM Track", 5)]
        path = os.path.join(self.folder, "tokenizer.json")
        write(path, *Trainer(texts).learn(300, 2))
        tokenizer = Tokenizer(path)
        text = "How many tracks – für Björn?"
        self.assertEqual(tokenizer.decode(tokenizer.encode(text)), text)
        self.assertEqual(tokenizer.encode("<|im_end|>"), [2])

    def test_packed_targets_are_the_answers(self):
        texts = [("user assistant SELECT", 1)]
        path = os.path.join(self.folder, "tokenizer.json")
        write(path, *Trainer(texts).learn(280, 2))
        tokenizer = Tokenizer(path)
        pair = ([5, 6, 7, 8], 2)
        batch = batches.to_batch(batches.pack([pair, pair]), 10)
        self.assertEqual(batch.pairs, 2)
        self.assertEqual(batch.ids[0, :8].tolist(), [5, 6, 7, 8] * 2)
        self.assertEqual(batch.positions[0, :8].tolist(), [10, 11, 12, 13] * 2)
        self.assertEqual(batch.targets[0, :4].tolist(), [-100, 7, 8, -100])
        record = {"q": "a", "sql": "SELECT", "why": "b"}
        ids, start = batches.encode_pair(record, tokenizer)
        self.assertEqual(tokenizer.decode(ids[start:]), prompt.answer("SELECT", "b"))


if __name__ == "__main__":
    unittest.main()
