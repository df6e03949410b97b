"""Common ground of the question grammar: spinning text, joins and the pair type."""

import re
from dataclasses import dataclass

CHOICE = re.compile(r"\{([^{}]*)\}")
NUMBER_WORDS = {
    1: "one",
    2: "two",
    3: "three",
    4: "four",
    5: "five",
    6: "six",
    7: "seven",
    8: "eight",
    9: "nine",
    10: "ten",
    12: "twelve",
    15: "fifteen",
    20: "twenty",
}
MONTHS = (
    "January February March April May June July August September October November December"
).split()

# {a|b} is one of a and b; the empty last alternative drops the verb.
LIST = (
    "{show me|list|give me|find|get|display|return|tell me|show|i want|i'd like to see|i need|"
    "can you show me|could you list|please list|please show|what are|let me see|print|fetch|"
    "provide|pull|}"
)
ONE = (
    "{show me|give me|find|get|display|return|tell me|what is|what is|what's|what was|"
    "i want to know|i need|can you tell me|please show|calculate|compute|work out|determine}"
)
FULL_NAME = "FirstName || ' ' || LastName"
CUSTOMER_NAME = "c.FirstName || ' ' || c.LastName"
EMPLOYEE_NAME = "e.FirstName || ' ' || e.LastName"
MANAGER_NAME = "m.FirstName || ' ' || m.LastName"
REVENUE = "SUM(il.UnitPrice * il.Quantity)"
LATEST = "(SELECT MAX(InvoiceDate) FROM Invoice)"

TABLE_OF = {
    "ar": "Artist",
    "al": "Album",
    "t": "Track",
    "g": "Genre",
    "mt": "MediaType",
    "p": "Playlist",
    "pt": "PlaylistTrack",
    "i": "Invoice",
    "il": "InvoiceLine",
    "c": "Customer",
    "e": "Employee",
}
# alias -> (alias it joins to, column there, column here), in the order joins are written
JOINS = {
    "i": ("il", "InvoiceId", "InvoiceId"),
    "c": ("i", "CustomerId", "CustomerId"),
    "e": ("c", "SupportRepId", "EmployeeId"),
    "t": ("il", "TrackId", "TrackId"),
    "g": ("t", "GenreId", "GenreId"),
    "mt": ("t", "MediaTypeId", "MediaTypeId"),
    "al": ("t", "AlbumId", "AlbumId"),
    "ar": ("al", "ArtistId", "ArtistId"),
    "pt": ("t", "TrackId", "TrackId"),
    "p": ("pt", "PlaylistId", "PlaylistId"),
}


@dataclass
class Pair:
    """A question with its query, a one-sentence rationale and the intent it came from."""

    question: str
    sql: str
    why: str
    intent: str


@dataclass
class Filter:
    """A condition: how it is asked (after or before the main clause), its SQL, its joins."""

    after: str
    where: str
    needs: tuple
    kind: str
    before: str = ""
    noun: str = ""


class Context:
    """Random choices and literals while one pair is built."""

    def __init__(self, rng, literals):
        self.rng = rng
        self.literals = literals

    def pick(self, values, weights=None):
        values = list(values)
        if weights is None:
            return self.rng.choice(values)
        return self.rng.choices(values, weights)[0]

    def chance(self, probability):
        return self.rng.random() < probability

    def literal(self, kind):
        return self.literals.draw(kind, self.rng)

    def person(self, kind):
        return self.literals.person(kind, self.rng)

    def year(self):
        return self.literals.year(self.rng)

    def number(self, value):
        """The number as the question writes it."""
        if value in NUMBER_WORDS and self.chance(0.3):
            return NUMBER_WORDS[value]
        return str(value)

    def count(self):
        """A LIMIT, mostly a usual one."""
        if self.chance(0.75):
            return self.pick([2, 3, 3, 4, 5, 5, 5, 6, 7, 8, 10, 10, 12, 15, 20])
        return self.rng.randint(2, 60)

    def threshold(self, usual):
        """A limit of a measure: a usual one or any number."""
        if self.chance(0.6):
            return str(self.pick(usual))
        top = max(float(value) for value in usual)
        value = self.rng.randint(1, max(10, int(top * 2)))
        if top < 1000 and self.chance(0.2):
            return f"{value}.{self.pick(['5', '25', '99', '75', '50', '9', '49'])}"
        return str(value)

    def quoted(self, value):
        """The literal as the question shows it: bare or in quotation marks."""
        if "'" in value:
            return self.pick(["%s", "%s", '"%s"']) % value
        return self.pick(["%s", "%s", "'%s'", '"%s"']) % value

    def spin(self, text):
        """Resolves every {a|b} choice from the inside out."""
        while True:
            match = CHOICE.search(text)
            if not match:
                return re.sub(r" +", " ", text).strip()
            choice = self.rng.choice(match.group(1).split("|"))
            text = text[: match.start()] + choice + text[match.end() :]

    def filled(self, text, slots):
        """Spins the text, then puts literals into its <slots>."""
        text = self.spin(text)
        for name, value in slots.items():
            text = text.replace(f"<{name}>", value)
        return text


def sql_text(value):
    """A SQL string literal."""
    return "'" + value.replace("'", "''") + "'"


def where(conditions):
    return " WHERE " + " AND ".join(conditions) if conditions else ""


def join(base, needs):
    """(FROM clause, aliases) that reach every needed alias from the base table."""
    needed = set(needs) - {base}
    pending = list(needed)
    while pending:
        parent = JOINS[pending.pop()][0]
        if parent != base and parent not in needed:
            needed.add(parent)
            pending.append(parent)
    clause = f"FROM {TABLE_OF[base]} {base}"
    aliases = [base]
    for alias, (parent, left, right) in JOINS.items():
        if alias in needed:
            clause += f" JOIN {TABLE_OF[alias]} {alias} ON {parent}.{left} = {alias}.{right}"
            aliases.append(alias)
    return clause, aliases


def simplify(sql, aliases):
    """Drops the alias when one table is enough."""
    if len(aliases) > 1:
        return sql
    alias = aliases[0]
    sql = re.sub(rf"\b{alias}\.", "", sql)
    return sql.replace(f"FROM {TABLE_OF[alias]} {alias}", f"FROM {TABLE_OF[alias]}")
