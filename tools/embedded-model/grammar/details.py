"""What a question adds to its main clause: the columns to show and the order of the rows.

Works on any pair: the columns and the order are read off the query, so a wording never
contradicts it; now and then another order is asked for and the query follows.
"""

import re

from .core import Pair

ORDER = re.compile(r" ORDER BY ([^()]+?)( LIMIT \d+)?$")
SAID = re.compile(r"\b(sort|order(ed)? by|alphabet|rank|first|last|latest|earliest|descending|by name)", re.I)
COUNTED = (
    "Invoices Tracks Albums Customers Employees Genres Artists Playlists Lines Reports Cities Countries"
).split()
TIME = "Year Month Quarter Weekday InvoiceDate HireDate BirthDate LastInvoice FirstInvoice".split()
PEOPLE = "Customer Employee Manager".split()
NAMES = [*PEOPLE, "Artist", "Genre", "Playlist", "MediaType", "Name", "Title", "Album", "Track"]
WORDS = {
    "Revenue": "{revenue|revenue|total revenue|sales}",
    "UnitsSold": "{units sold|number of units sold|units sold}",
    "Percent": "{percentage|share|percentage of the total}",
    "RunningTotal": "{running total|cumulative total|running total of revenue}",
    "Change": "{change|difference to the previous one}",
    "Growth": "growth in percent",
    "Genre": "{genre|genre|genre name}",
    "Artist": "{artist|artist|artist name|artist's name|name}",
    "Album": "{album|album title|title}",
    "Track": "{track|track name|title|name}",
    "Name": "{name|name|track name}",
    "Title": "title",
    "MediaType": "{media type|media type name}",
    "Playlist": "{playlist|playlist name|name}",
    "Customer": "{full name|customer|full name|customer's name|customer's full name|name}",
    "Employee": "{full name|employee|full name|name}",
    "Manager": "{manager|manager's name|full name of the manager|manager's full name}",
    "Month": "{month|month|month (YYYY-MM)}",
    "Bucket": "{label|label|class}",
    "Milliseconds": "{length|length in milliseconds|duration|milliseconds}",
    "Bytes": "{size|size in bytes|bytes}",
    "Minutes": "{minutes|length in minutes}",
    "UnitPrice": "{price|unit price}",
    "InvoiceId": "{invoice number|invoice id|invoice}",
    "InvoiceDate": "{date|invoice date}",
    "Total": "{total|amount}",
    "rn": "rank",
}


def masked(sql):
    """The statement with strings and parentheses blanked, so that only its top level is left."""
    text = re.sub(r"'(?:[^']|'')*'", lambda match: "_" * len(match.group()), sql)
    while True:
        text, found = re.subn(r"\([^()]*\)", lambda match: "_" * len(match.group()), text)
        if not found:
            return text


def columns(sql):
    """Names of the result columns."""
    text = masked(sql)
    begin = text.rindex("SELECT ") + 7
    end = text.index(" FROM ", begin)
    cuts = [begin] + [begin + match.end() for match in re.finditer(", ", text[begin:end])]
    parts = [sql[a:b].removesuffix(", ") for a, b in zip(cuts, cuts[1:] + [end])]
    return [_name(part.removeprefix("DISTINCT ")) for part in parts]


def _name(expression):
    if " AS " in expression:
        return expression.rsplit(" AS ", 1)[1]
    if expression.startswith("FirstName ||"):
        return "Customer"
    return expression.rsplit(".", 1)[-1]


def words(name, noun=False):
    """How a question calls a column."""
    if name in WORDS:
        return WORDS[name]
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()
    if name in COUNTED:
        return text if noun else f"number of {text}"
    return text.replace("avg ", "average ")


def shown(ctx, names):
    """A sentence that names the columns."""
    the = ctx.pick(["the ", "the ", ""])
    listed = [the + words(name) for name in names]
    if len(listed) == 1:
        plural = "titles" if names[0] in ("Title", "Album") else "names"
        return ctx.pick([f"{{list|give|show}} {{their|the}} {plural}", f"{plural} only", f"give only the {plural}"])
    text = ", ".join(listed[:-1]) + " and " + listed[-1]
    forms = [
        f"{{show|show|give|list|return|report|display}} {text}",
        f"{{show|give}} {text}",
        f"i {{need|want}} {text}",
    ]
    if len(listed) == 2:
        forms.append(f"{{show|give|list}} {listed[0]} {{together with|with|along with}} {listed[1]}")
        forms.append(f"{{show|give}} {{each one's|for each one}} {words(names[0])} and {words(names[1])}")
        if names[0] in PEOPLE:
            forms.append(f"give each one's full name and {words(names[1])}")
    return ctx.pick(forms)


def falling(ctx, name):
    forms = [
        "{highest|highest|largest|biggest|top} first",
        f"{{highest|largest}} {words(name, True)} first",
        "in descending order",
        f"{{sorted|ordered|ranked}} by {words(name)}",
        f"sorted by {words(name)}, {{highest|largest}} first",
        "from {highest to lowest|most to least|high to low|largest to smallest}",
        f"in descending order of {words(name)}",
    ]
    if name in COUNTED:
        forms += [f"most {words(name, True)} first", "most first", "{largest|biggest} first"]
    return ctx.pick(forms)


def rising(ctx, name):
    forms = [
        "{lowest|lowest|smallest} first",
        f"{{lowest|smallest}} {words(name, True)} first",
        "in ascending order",
        f"sorted by {words(name)}, {{lowest|smallest}} first",
        "from {lowest to highest|least to most|low to high|smallest to largest}",
    ]
    if name in COUNTED:
        forms += [f"fewest {words(name, True)} first", "fewest first"]
    return ctx.pick(forms)


def alphabetical(ctx, name):
    return ctx.pick(
        [
            "{alphabetically|in alphabetical order|in alphabetical order}",
            f"{{sorted|ordered}} by {words(name)}",
            f"in alphabetical order of {{the |}}{words(name)}",
            "{sorted|listed|ordered} alphabetically",
            "from a to z",
        ]
    )


def timely(ctx, name, newest):
    if newest:
        return ctx.pick(
            [f"{{newest|latest|most recent}} {words(name)} first", "{newest|latest|most recent} first", "in reverse chronological order"]
        )
    return ctx.pick(
        [
            f"{{oldest|earliest}} {words(name)} first",
            "{oldest|earliest} first",
            "in {calendar|chronological} order",
            f"{{sorted|ordered}} by {words(name)}",
        ]
    )


def arranged(ctx, names, terms, limited):
    """(words of an order, its terms); the order may differ from the query's if no LIMIT needs it."""
    first = terms[0].removesuffix(" DESC").removesuffix(" ASC")
    name = first.rsplit(".", 1)[-1]
    descending = terms[0].endswith(" DESC")
    change = not limited and ctx.chance(0.3)
    if name in TIME:
        newest = descending ^ change
        return timely(ctx, name, newest), [first + " DESC" * newest] + terms[1:]
    measured = terms[0] != first or name in COUNTED or name in ("Revenue", "UnitsSold", "Milliseconds")
    if not measured:
        if change and len(terms) == 1 and ctx.chance(0.3):
            return "in reverse alphabetical order", [first + " DESC"]
        return alphabetical(ctx, name), terms
    if change and len(terms) == 2 and ctx.chance(0.5):
        return alphabetical(ctx, terms[1].rsplit(".", 1)[-1]), terms[1:]
    falls = descending ^ change
    return (falling if falls else rising)(ctx, name), [first + " DESC" * falls] + terms[1:]


def add(ctx, pair, ask):
    """The pair with its columns, its order or both spelt out; `ask` tells whether it is a question."""
    order = ORDER.search(pair.sql)
    if not order or SAID.search(pair.question) or "rn" in order.group(1).split(", ")[1:]:
        return pair
    names = columns(pair.sql)
    question, sql = pair.question, pair.sql
    stop = "?" if ask(question) else "."
    say_columns = len(names) > 1 or names[0] in NAMES
    say_columns = say_columns and ctx.chance(0.7 if len(names) > 1 else 0.3)
    say_order = ctx.chance(0.6) or not say_columns
    tail = ""
    if say_order:
        tail, terms = arranged(ctx, names, order.group(1).split(", "), bool(order.group(2)))
        sql = sql[: order.start()] + " ORDER BY " + ", ".join(terms) + (order.group(2) or "")
    if say_columns:
        sentence = shown(ctx, names)
        if tail:
            sentence += ctx.pick([", ", ", ", " "]) + tail
        elif ctx.chance(0.12) and (order.group(2) or "rn = 1" in sql):
            sentence += "; if several tie, take the alphabetically first"
        if ctx.chance(0.6):
            question += stop + " " + sentence[0].upper() + sentence[1:]
        else:
            question += ctx.pick(["; ", ", ", " - "]) + sentence
    else:
        question += ctx.pick([", ", ", ", " "]) + tail
    return Pair(ctx.spin(question), sql, pair.why, pair.intent)
