"""Two dimensions at once: cross tables and the best rows of each group."""

from .core import LIST, Pair, join, where
from .filters import attach, sales_filter
from .sales import DIMENSIONS, MEASURES, TIME, CUSTOMER_MOST, MOST

PAIRS = [
    ("country", "genre"),
    ("country", "customer"),
    ("country", "artist"),
    ("genre", "artist"),
    ("genre", "track"),
    ("genre", "album"),
    ("year", "genre"),
    ("year", "artist"),
    ("year", "customer"),
    ("year", "country"),
    ("employee", "customer"),
    ("artist", "album"),
    ("artist", "track"),
    ("year", "employee"),
    ("city", "customer"),
    ("mt", "track"),
    ("year", "track"),
    ("country", "track"),
    ("employee", "country"),
    ("month", "genre"),
    ("year", "month"),
    ("customer", "genre"),
]


class Groups:
    """Outer and inner dimension, measure and conditions."""

    def __init__(self, ctx):
        self.ctx = ctx
        outer, inner = ctx.pick(PAIRS)
        self.outer_kind, self.inner_kind = outer, inner
        self.outer, self.inner = DIMENSIONS[outer], DIMENSIONS[inner]
        self.measure = ctx.pick(["rev", "rev", "units"])
        self.noun, self.expression, self.name = MEASURES[self.measure]
        self.filters = []
        if ctx.chance(0.22):
            names = ["genre"] if "genre" not in (outer, inner) else ["mt"]
            if not {outer, inner} & {"year", "month", "country", "city"}:
                names = ["year", "country"]
            self.filters = [sales_filter(ctx, inner, names)]
        needs = set(self.outer.needs) | set(self.inner.needs)
        source, _ = join("il", needs.union(*(item.needs for item in self.filters)))
        condition = where([item.where for item in self.filters])
        self.grouped = f"{source}{condition} GROUP BY {self.outer.group}, {self.inner.group}"

    def pair(self, clauses, sql, why, intent):
        clause = attach(self.ctx, self.ctx.pick(clauses), self.filters)
        return Pair(self.ctx.spin(clause), sql, why, intent)

    def ranked(self, condition, order):
        """The query that numbers the inner rows of each outer group."""
        outer, inner = self.outer, self.inner
        partition = outer.expression if self.outer_kind in TIME else outer.group
        number = (
            f"ROW_NUMBER() OVER (PARTITION BY {partition} "
            f"ORDER BY {self.expression} DESC, {inner.expression}) AS rn"
        )
        return (
            f"WITH x AS (SELECT {outer.select}, {inner.select}, "
            f"{self.expression} AS {self.name}, {number} {self.grouped}) "
            f"SELECT {outer.name}, {inner.name}, {self.name} FROM x WHERE rn {condition} "
            f"ORDER BY {order}"
        )


def cross(ctx):
    s = Groups(ctx)
    outer, inner = s.outer, s.inner
    clauses = [
        f"{LIST} {{the |}}{s.noun} {{per|by|for each}} {outer.one} and {inner.one}",
        f"{s.noun} by {outer.one} and {inner.one}",
        f"{LIST} {{the |}}{s.noun} {{per|by}} {inner.one} {{for each|per|in each}} {outer.one}",
    ]
    sql = (
        f"SELECT {outer.select}, {inner.select}, {s.expression} AS {s.name} {s.grouped} "
        f"ORDER BY {outer.name}, {s.name} DESC, {inner.name}"
    )
    return s.pair(clauses, sql, f"{s.name} by {outer.name} and {inner.name}.", "cross")


def best_of_each(ctx):
    s = Groups(ctx)
    outer, inner = s.outer.one, s.inner.one
    table = CUSTOMER_MOST if s.inner_kind == "customer" else MOST
    most = table[s.measure].replace("<MOST>", "most")
    best = {
        "rev": "{top-earning|highest-earning|top-grossing|most profitable|top}",
        "units": "{best-selling|top-selling|most popular|most purchased}",
    }[s.measure]
    tail = f" by {s.noun}" if s.measure == "rev" else ""
    each = f"{{each|every}} {outer}"
    clauses = [
        f"{{which|what}} {inner} {most} {{in|for|within|per}} {each}",
        f"{LIST} the {best} {inner} {{in|for|per|of|by}} {each}{tail}",
        f"for {each}, {{show|find|give me|what is|which is}} the {inner} with the "
        f"{{highest|most|largest}} {s.noun}",
        f"{LIST} the {{number one|top|best|leading}} {inner} by {s.noun} {{in|for|per}} {each}",
        f"{LIST} {{each|every}} {outer} {{with|and}} {{its|the}} {best} {inner}",
    ]
    if s.measure == "units":
        clauses.append(f"{{what|which}} is the {best} {inner} {{in|for|of}} {each}")
    return s.pair(clauses, s.ranked("= 1", s.outer.name), f"Row number per {s.outer.name}.", "best_each")


def top_of_each(ctx):
    s = Groups(ctx)
    outer, many = s.outer.one, s.inner.many
    count = ctx.pick([2, 3, 3, 3, 5, 5, 4, 10, ctx.rng.randint(2, 20)])
    n = ctx.number(count)
    best = {
        "rev": "{top-earning|highest-earning|top-grossing}",
        "units": "{best-selling|top-selling|most purchased|most popular}",
    }[s.measure]
    each = f"{{each|every}} {outer}"
    clauses = [
        f"{LIST} the top {n} {many} {{in|for|per|within|of}} {each} by {s.noun}",
        f"for {each}, {{show|list|give me}} the {n} {best} {many}",
        f"{LIST} the {n} {best} {many} {{in|for|per|of}} {each}",
        f"{LIST} the top {n} {many} by {s.noun} {{in|for|per|within}} {each}",
        f"top {n} {many} {{per|for each}} {outer} by {s.noun}",
    ]
    sql = s.ranked(f"<= {count}", f"{s.outer.name}, rn")
    return s.pair(clauses, sql, f"Row number per {s.outer.name}.", "top_each")


GROUPS = [(cross, 2.5), (best_of_each, 4), (top_of_each, 3.5)]
