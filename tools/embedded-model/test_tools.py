"""Tests of the tooling: python3 -m unittest (from this folder, no database needed)."""

import os
import random
import re
import sqlite3
import tempfile
import unittest

import torch

import batches
import generate
import grammar
import prompt
from evaluate import is_ordered, parse_answer, same_rows, wilson
from grammar import details
from grammar.core import Context, Pair, join, simplify
from grammar.templates import TEMPLATES, fill
from literals import Literals
from muon import orthogonal
from tokenizer import Tokenizer, Trainer, write
from train import transplanted

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
        pair = ([5, 6, 7, 8], 2, [1.0, 4.0])
        batch = batches.to_batch(batches.pack([pair, pair]), 10)
        self.assertEqual(batch.pairs, 2)
        self.assertEqual(batch.ids[0, :8].tolist(), [5, 6, 7, 8] * 2)
        self.assertEqual(batch.positions[0, :8].tolist(), [10, 11, 12, 13] * 2)
        self.assertEqual(batch.targets[0, :4].tolist(), [-100, 7, 8, -100])
        self.assertEqual(batch.weights[0, :4].tolist(), [0.0, 1.0, 4.0, 0.0])
        record = {"q": "a", "sql": "SELECT", "why": "b"}
        ids, start, weights = batches.encode_pair(record, tokenizer)
        self.assertEqual(tokenizer.decode(ids[start:]), prompt.answer("SELECT", "b"))
        self.assertEqual(len(weights), len(ids) - start)

    def test_a_literal_has_the_same_tokens_in_question_and_query(self):
        path = os.path.join(self.folder, "tokenizer.json")
        write(path, *Trainer([("in Brazil 2024 'Brazil' '2024' FROM Artist", 9)]).learn(400, 2))
        tokenizer = Tokenizer(path)
        for literal in ("Brazil", "2024"):
            ids = tokenizer.encode(literal)
            self.assertEqual(tokenizer.encode("in " + literal)[-len(ids) :], ids)
            self.assertEqual(tokenizer.encode(f"'{literal}'")[1:-1], ids)
        self.assertEqual(len(tokenizer.encode("2024")), 4)

    def test_quoted_values_are_found_and_unescaped(self):
        sql = "SELECT strftime('%Y', d), a || ' ' || b FROM t WHERE n = 'Don''t' AND y = '2024'"
        self.assertEqual(batches.literals_of({"sql": sql}), ["Don't", "2024"])

    def test_details_name_the_columns_of_the_query(self):
        sql = "WITH x AS (SELECT a, b FROM t) SELECT g.Name AS Genre, SUM(x.a) AS Revenue FROM x"
        self.assertEqual(details.columns(sql), ["Genre", "Revenue"])
        self.assertEqual(details.columns("SELECT DISTINCT t.Name FROM Track t"), ["Name"])

    def test_details_change_nothing_but_the_order_of_the_query(self):
        pair = Pair("list genres", "SELECT Name AS Genre, COUNT(*) AS Tracks FROM t ORDER BY Tracks DESC, Genre", "", "")
        for seed in range(200):
            changed = details.add(Context(random.Random(seed), None), pair, lambda text: None)
            self.assertTrue(changed.question.startswith("list genres"))
            self.assertEqual(changed.sql.split(" ORDER BY ")[0], pair.sql.split(" ORDER BY ")[0])
            self.assertIn(changed.sql.split(" ORDER BY ")[1], ("Tracks DESC, Genre", "Tracks, Genre", "Genre"))

    def test_orthogonal_matrices_have_singular_values_near_one(self):
        torch.manual_seed(1)
        for shape in ((2, 16, 40), (2, 40, 16)):
            values = torch.linalg.svdvals(orthogonal(torch.randn(shape)))
            self.assertGreater(values.min().item(), 0.4)
            self.assertLess(values.max().item(), 1.5)

    def test_a_transplanted_token_is_the_mean_of_those_that_spelt_it(self):
        before = os.path.join(self.folder, "before.json")
        after = os.path.join(self.folder, "after.json")
        write(before, *Trainer([("b", 9)]).learn(300, 2))
        write(after, *Trainer([("bcbcbc", 9)]).learn(300, 2))
        old, new = Tokenizer(before), Tokenizer(after)
        table = torch.arange(float(len(old.vocab)))[:, None]
        rows = transplanted(table, old, new)
        self.assertEqual(rows[new.vocab["bc"]].item(), (old.vocab["b"] + old.vocab["c"]) / 2)
        self.assertEqual(rows[2].item(), 2)


if __name__ == "__main__":
    unittest.main()
