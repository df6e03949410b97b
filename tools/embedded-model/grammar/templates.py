"""Reads `templates.txt`: intents that are one query shape with many wordings.

Format, one block per intent:
    [intent] One-sentence rationale.
    ~ L=longest ;; D=DESC       alternatives; their values replace <L> and <D> everywhere
    n 1 2 5                     values of <n>; without this line a usual row count
    ? question                  a wording; {a|b} choices, $MACROS and <slots>
    = SELECT ...                the query with $MACROS and <slots>
Slots in a question are shown bare (<artist>) or perhaps in quotation marks (<artist?>); in the
query they become SQL literals. People have <customer>, <customer.first> and <customer.last>.
"""

import os
import re
from dataclasses import dataclass, field

from .core import (
    CUSTOMER_NAME,
    EMPLOYEE_NAME,
    FULL_NAME,
    LATEST,
    LIST,
    MANAGER_NAME,
    ONE,
    REVENUE,
    Pair,
    sql_text,
)

MACROS = {
    "$LIST": LIST,
    "$ONE": ONE,
    "$FULL": FULL_NAME,
    "$CUSTOMER": CUSTOMER_NAME,
    "$EMPLOYEE": EMPLOYEE_NAME,
    "$MANAGER": MANAGER_NAME,
    "$REVENUE": REVENUE,
    "$LATEST": LATEST,
    "$SONGS": "{tracks|tracks|songs}",
    "$ALBUMS": "{albums|albums|records}",
    "$ARTISTS": "{artists|artists|bands|performers}",
    "$ARTIST": "{artist|artist|band|performer}",
    "$INVOICES": "{invoices|invoices|orders}",
    "$STAFF": "{employees|employees|staff members|staff}",
    "$REP": "{support rep|sales rep|support agent|sales agent|sales representative|"
    "support representative}",
    "$TO_INVOICE": "FROM InvoiceLine il JOIN Invoice i ON il.InvoiceId = i.InvoiceId",
    "$TO_TRACK": "FROM InvoiceLine il JOIN Track t ON il.TrackId = t.TrackId",
    "$SELF": "FROM Employee e JOIN Employee m ON e.ReportsTo = m.EmployeeId",
    "$MONTH": "strftime('%Y-%m', i.InvoiceDate)",
    "$YEAR": "strftime('%Y', i.InvoiceDate)",
}
LITERALS = (
    "artist album track genre media_type playlist country city state company composer title"
).split()
SLOT = re.compile(r"<([a-z_]+)(\d?)(\.first|\.last|\?)?>")


@dataclass
class Template:
    """One block of the file."""

    intent: str
    why: str
    vary: list = field(default_factory=list)
    numbers: list = field(default_factory=list)
    questions: list = field(default_factory=list)
    sql: str = ""


def expand(text):
    for name in sorted(MACROS, key=len, reverse=True):
        text = text.replace(name, MACROS[name])
    return text


def read(path):
    templates = []
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            line = line.rstrip("\n")
            if not line or line.startswith("#"):
                continue
            head, _, rest = line.partition(" ")
            if line.startswith("["):
                templates.append(Template(head.strip("[]"), rest))
            elif head == "~":
                parts = (part.split("=", 1) for part in rest.split(" ;; "))
                templates[-1].vary.append({key.strip(): value for key, value in parts})
            elif head == "n":
                templates[-1].numbers = [int(value) for value in rest.split()]
            elif head == "?":
                templates[-1].questions.append(expand(rest))
            elif head == "=":
                templates[-1].sql = expand(rest)
            else:
                raise ValueError(f"{path}:{number}: expected [, ~, n, ? or =, found {line!r}")
    return templates


def draw_slot(ctx, template, kind):
    """(text in the question, text in the query) for each form of a slot."""
    if kind in LITERALS:
        value = ctx.literal(kind)
        return {"": (value, sql_text(value)), "?": (ctx.quoted(value), sql_text(value))}
    if kind in ("customer", "employee"):
        first, last = ctx.person(kind)
        return {
            "": (f"{first} {last}", sql_text(f"{first} {last}")),
            ".first": (first, sql_text(first)),
            ".last": (last, sql_text(last)),
        }
    if kind == "n":
        value = ctx.pick(template.numbers) if template.numbers else ctx.count()
        return {"": (ctx.number(value), str(value))}
    if kind == "year":
        value = str(ctx.year())
        return {"": (value, value)}
    if kind == "hire_year":
        value = str(ctx.literals.prefix_year(ctx.literals.hire_years, ctx.rng))
        return {"": (value, value)}
    if kind == "birth_year":
        value = str(ctx.literals.prefix_year(ctx.literals.birth_years, ctx.rng))
        return {"": (value, value)}
    if kind == "word":
        value = ctx.literals.word(ctx.rng).replace("'", "")
        return {"": (value, value), "?": (ctx.quoted(value), value)}
    if kind == "letter":
        value = ctx.pick("ABCDEFGHIJKLMNOPRSTW")
        return {"": (value, value)}
    if kind == "id":
        value = str(ctx.rng.randint(1, 60 if ctx.chance(0.5) else 3500))
        return {"": (value, value)}
    raise ValueError(f"[{template.intent}] unknown slot <{kind}>")


def fill(ctx, template):
    """A pair of the template with fresh slots."""
    question, sql, why = ctx.pick(template.questions), template.sql, template.why
    if template.vary:
        for key, value in ctx.pick(template.vary).items():
            question = question.replace(f"<{key}>", value)
            sql = sql.replace(f"<{key}>", value)
    question = ctx.spin(expand(question))
    sql = expand(sql)
    drawn = {}
    for match in SLOT.finditer(question + sql):
        key = match.group(1) + match.group(2)
        if key not in drawn:
            drawn[key] = draw_slot(ctx, template, match.group(1))

    def put(side):
        return lambda match: drawn[match.group(1) + match.group(2)][match.group(3) or ""][side]

    return Pair(SLOT.sub(put(0), question), SLOT.sub(put(1), sql), why, template.intent)


TEMPLATES = read(os.path.join(os.path.dirname(os.path.abspath(__file__)), "templates.txt"))


def template(ctx):
    return fill(ctx, ctx.pick(TEMPLATES))
