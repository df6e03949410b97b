"""Questions that name the columns they want: any columns of one entity, filtered and sorted."""

from .core import FULL_NAME, LIST, ONE, Pair, join, simplify, sql_text
from .catalogue import track_filter
from .customers import condition as customer_condition
from .filters import sales_filter

# column key -> (words, expression, join it needs)
TRACK_COLUMNS = {
    "name": ("{name|title}", "t.Name", None),
    "length": ("{length|duration|length in milliseconds}", "t.Milliseconds", None),
    "minutes": ("{length|duration} in minutes", "t.Milliseconds / 60000.0 AS Minutes", None),
    "price": ("{price|unit price}", "t.UnitPrice", None),
    "composer": ("composer", "t.Composer", None),
    "size": ("{size|file size|size in bytes}", "t.Bytes", None),
    "album": ("{album|album title}", "al.Title AS Album", "al"),
    "artist": ("{artist|artist name}", "ar.Name AS Artist", "ar"),
    "genre": ("{genre|genre name}", "g.Name AS Genre", "g"),
    "media": ("media type", "mt.Name AS MediaType", "mt"),
}
CUSTOMER_COLUMNS = {
    "name": ("{name|full name}", f"{FULL_NAME} AS Customer", None),
    "first": ("first name", "FirstName", None),
    "last": ("{last name|surname}", "LastName", None),
    "email": ("{email|email address}", "Email", None),
    "phone": ("{phone|phone number}", "Phone", None),
    "city": ("city", "City", None),
    "state": ("state", "State", None),
    "country": ("country", "Country", None),
    "company": ("company", "Company", None),
    "address": ("address", "Address", None),
    "postal": ("postal code", "PostalCode", None),
}
EMPLOYEE_COLUMNS = {
    "name": ("{name|full name}", f"{FULL_NAME} AS Employee", None),
    "last": ("{last name|surname}", "LastName", None),
    "title": ("{title|job title}", "Title", None),
    "hired": ("hire date", "HireDate", None),
    "born": ("{birth date|date of birth}", "BirthDate", None),
    "email": ("{email|email address}", "Email", None),
    "phone": ("{phone|phone number}", "Phone", None),
    "city": ("city", "City", None),
}
INVOICE_COLUMNS = {
    "name": ("{id|number|invoice id|invoice number}", "InvoiceId", None),
    "date": ("{date|invoice date}", "InvoiceDate", None),
    "total": ("{total|amount|invoice total}", "Total", None),
    "city": ("billing city", "BillingCity", None),
    "country": ("{billing country|country}", "BillingCountry", None),
    "address": ("billing address", "BillingAddress", None),
}
ALBUM_COLUMNS = {
    "name": ("{title|name}", "al.Title", None),
    "artist": ("{artist|artist name}", "ar.Name AS Artist", "ar"),
}


def _track_filter(ctx):
    found = track_filter(ctx)
    return found.after, found.where, set(found.needs)


def _customer_filter(ctx):
    words, test = customer_condition(ctx)
    return words, test, set()


def _employee_filter(ctx):
    kind = ctx.pick(["title", "city", "hired", "born"])
    if kind == "title":
        title = ctx.literal("title")
        return "{with the title|whose title is|working as} " + title, f"Title = {sql_text(title)}", set()
    if kind == "city":
        city = ctx.literal("city")
        return "{in|from|living in|based in} " + city, f"City = {sql_text(city)}", set()
    word, operator = ctx.pick([("in", "="), ("before", "<"), ("after", ">"), ("since", ">=")])
    if kind == "hired":
        year = ctx.literals.prefix_year(ctx.literals.hire_years, ctx.rng)
        return f"hired {word} {year}", f"strftime('%Y', HireDate) {operator} '{year}'", set()
    year = ctx.literals.prefix_year(ctx.literals.birth_years, ctx.rng)
    return f"born {word} {year}", f"strftime('%Y', BirthDate) {operator} '{year}'", set()


def _invoice_filter(ctx):
    if ctx.chance(0.3):
        limit = ctx.threshold([1, 2, 5, 8, 10, 12, 15, 20])
        word, operator = ctx.pick([("{over|above|more than}", ">"), ("{under|below}", "<")])
        return f"{word} {limit}", f"Total {operator} {limit}", set()
    names = ["year", "country", "ym", "lastm", "city", "range", "date", "since"]
    found = sales_filter(ctx, None, names)
    return found.after, found.where.replace("i.", ""), set()


def _album_filter(ctx):
    if ctx.chance(0.65):
        artist = ctx.literal("artist")
        return "{by|of|from} " + ctx.quoted(artist), f"ar.Name = {sql_text(artist)}", {"ar"}
    word = ctx.literals.word(ctx.rng).replace("'", "")
    words = "{with %s in the title|whose title contains %s}" % (word, word)
    return words, f"al.Title LIKE '%{word}%'", set()


# base alias, plural, columns, filter, default order, {order words: order}
ENTITIES = {
    "track": (
        "t",
        "{tracks|tracks|songs}",
        TRACK_COLUMNS,
        _track_filter,
        "t.Name",
        {
            "{longest first|from longest to shortest|sorted by length descending}": "t.Milliseconds DESC, t.Name",
            "{shortest first|from shortest to longest|sorted by length}": "t.Milliseconds, t.Name",
            "{most expensive first|sorted by price descending}": "t.UnitPrice DESC, t.Name",
            "{sorted by name|alphabetically|in alphabetical order|ordered by title}": "t.Name",
        },
    ),
    "customer": (
        "c",
        "{customers|customers|clients}",
        CUSTOMER_COLUMNS,
        _customer_filter,
        "Customer",
        {
            "{sorted|ordered} by {last name|surname}": "LastName, FirstName",
            "{sorted|ordered} by {country|country name}": "Country, Customer",
            "{sorted|ordered} by city": "City, Customer",
            "{alphabetically|sorted by name|in alphabetical order}": "Customer",
        },
    ),
    "employee": (
        "e",
        "{employees|employees|staff members}",
        EMPLOYEE_COLUMNS,
        _employee_filter,
        "Employee",
        {
            "{sorted|ordered} by hire date": "HireDate, Employee",
            "{oldest first|sorted by birth date}": "BirthDate, Employee",
            "{sorted|ordered} by {last name|surname}": "LastName, FirstName",
        },
    ),
    "invoice": (
        "i",
        "{invoices|invoices|orders}",
        INVOICE_COLUMNS,
        _invoice_filter,
        "InvoiceDate, InvoiceId",
        {
            "{newest first|most recent first|latest first}": "InvoiceDate DESC, InvoiceId",
            "{oldest first|sorted by date|in chronological order}": "InvoiceDate, InvoiceId",
            "{largest first|sorted by total descending|highest total first}": "Total DESC, InvoiceId",
            "{smallest first|sorted by total}": "Total, InvoiceId",
        },
    ),
    "album": (
        "al",
        "{albums|albums|records}",
        ALBUM_COLUMNS,
        _album_filter,
        "al.Title",
        {
            "{sorted by title|alphabetically|in alphabetical order}": "al.Title",
            "{sorted|ordered} by artist": "Artist, al.Title",
        },
    ),
}
ENTITY_WEIGHTS = [5, 4, 2, 3, 1]


def enumerate_words(words):
    """'a, b and c'."""
    return " and ".join(part for part in [", ".join(words[:-1]), words[-1]] if part)


def lookup(ctx):
    """Named columns of the matching rows."""
    base, many, columns, make_filter, default, orders = ENTITIES[ctx.pick(ENTITIES, ENTITY_WEIGHTS)]
    keys = list(columns)
    size = ctx.pick([1, 2, 2, 3, 3, 4])
    if "first" in keys and ctx.chance(0.12):
        chosen = ["first", "last"]
    else:
        chosen = ["name"] if ctx.chance(0.85) else []
    others = [key for key in keys if key not in chosen and key not in ("first", "last")]
    ctx.rng.shuffle(others)
    chosen = (chosen + others)[: max(size, len(chosen), 1)]
    words = enumerate_words([columns[key][0] for key in chosen])
    needs = {columns[key][2] for key in chosen} - {None}
    after, test = "", ""
    if ctx.chance(0.8):
        after, test, more = make_filter(ctx)
        needs |= more
        test = " WHERE " + test
    order, order_words = default, ""
    if ctx.chance(0.25):
        order_words, order = ctx.pick(list(orders.items()))
    limit = ""
    if ctx.chance(0.1) and order_words:
        count = ctx.count()
        limit, many = f" LIMIT {count}", f"first {ctx.number(count)} {many}"
        order_words = "{, |}" + order_words
    elif order_words:
        order_words = "{,|} " + order_words
    selected = ", ".join(columns[key][1] for key in chosen)
    for label, expression in (("Customer", FULL_NAME), ("Employee", FULL_NAME), ("Artist", "ar.Name")):
        if label in order.split(", ") and f" AS {label}" not in selected:
            order = order.replace(label, expression if label == "Artist" else "LastName")
            needs |= {"ar"} if label == "Artist" else set()
    every = "{the |}" if limit else "{all |the |}"
    clause = ctx.pick(
        [
            f"{LIST} {{the |}}{words} {{of|for|of|from}} {every}{many} {after}{order_words}",
            f"{LIST} {{the |}}{words} {{of|for}} {every}{many} {after}{order_words}",
        ]
    )
    if "name" in chosen and len(chosen) > 1 and not limit:
        rest = enumerate_words([columns[key][0] for key in chosen if key != "name"])
        clause = ctx.pick([clause, f"{LIST} {{all |the |}}{many} {after} {{with|and|including}} {{their |}}{rest}{order_words}"])
    source, aliases = join(base, needs)
    sql = f"SELECT {selected} {source}{test} ORDER BY {order}{limit}"
    question = ctx.spin(clause).replace(" ,", ",")
    return Pair(question, simplify(sql, aliases), "Lists the asked columns.", "lookup")


def one_value(ctx):
    """One column of one named track or album row."""
    track = ctx.literal("track")
    key = ctx.pick([key for key in TRACK_COLUMNS if key != "name"])
    words, expression, need = TRACK_COLUMNS[key]
    source, aliases = join("t", {need} - {None})
    extra, where_artist = "", ""
    if ctx.chance(0.3):
        artist = ctx.literal("artist")
        source, aliases = join("t", ({need} - {None}) | {"ar"})
        extra, where_artist = " by " + ctx.quoted(artist), f" AND ar.Name = {sql_text(artist)}"
    clause = f"{ONE} the {words} of {{the |}}{{track|song}} {ctx.quoted(track)}{extra}"
    sql = f"SELECT {expression} {source} WHERE t.Name = {sql_text(track)}{where_artist}"
    return Pair(ctx.spin(clause), simplify(sql, aliases), "Attribute of one track.", "one_value")


LOOKUP = [(lookup, 5), (one_value, 1)]
