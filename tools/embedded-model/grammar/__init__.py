"""The question grammar: families of question/SQL pairs over the music-store schema."""

import re

from . import details
from .catalogue import CATALOGUE
from .core import Context, Pair
from .customers import CUSTOMER
from .groups import GROUPS
from .invoices import INVOICE
from .lookup import LOOKUP
from .sales import SALES
from .templates import template

# family -> (weighted makers, weight of the family)
FAMILIES = {
    "sales": (SALES, 27),
    "groups": (GROUPS, 7),
    "catalogue": (CATALOGUE, 20),
    "customers": (CUSTOMER, 9),
    "invoices": (INVOICE, 9),
    "lookup": (LOOKUP, 8),
    "templates": ([(template, 1)], 30),
}
# share of the questions that may say which columns to show and in which order
DETAILED = 0.55
GREETINGS = ["please ", "hi, ", "hello, ", "hey, ", "quick question: ", "for a report, ", "now "]
ASKING = re.compile(r"(what|which|who|how|when|where|can|could|whom|on |in which|by )", re.I)


def polish(question, rng):
    """Capital, question mark, politeness: the surface of one question."""
    draw = rng.random()
    if draw < 0.08:
        question = rng.choice(GREETINGS) + question
    elif draw < 0.13:
        question += rng.choice([" please", ", please", ", thanks"])
    if rng.random() < 0.7:
        question = question[0].upper() + question[1:]
    draw = rng.random()
    if ". " in question or "? " in question:
        return question + ("." if draw < 0.8 else "")
    if ASKING.match(question):
        return question + ("?" if draw < 0.78 else "")
    return question + ("." if draw < 0.35 else "")


def draw(rng, literals):
    """(family, Pair) of one random question."""
    context = Context(rng, literals)
    family = context.pick(FAMILIES, [weight for _, weight in FAMILIES.values()])
    makers = FAMILIES[family][0]
    make = context.pick([maker for maker, _ in makers], [weight for _, weight in makers])
    pair = make(context)
    if rng.random() < DETAILED:
        pair = details.add(context, pair, ASKING.match)
    question = polish(pair.question, rng)
    if rng.random() < 0.04 and "LIKE" not in pair.sql and "'" not in pair.sql.replace("' '", ""):
        question = question.lower()
    return family, Pair(question, pair.sql, pair.why, pair.intent)
