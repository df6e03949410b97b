"""Questions about invoices that need only the Invoice table, or its lines."""

from .core import LIST, ONE, Pair, sql_text, where
from .filters import sales_filter

INVOICES = "{invoices|invoices|orders}"
# expression, name, words
AGGREGATES = [
    ("AVG(Total)", "AvgTotal", "{average|mean} {invoice {total|amount|value}|order {value|total}}"),
    ("AVG(Total)", "AvgTotal", "{average|mean} {invoice|order} {total|amount|value|size}"),
    ("MAX(Total)", "MaxTotal", "{largest|highest|biggest|maximum} {invoice|order} {total|amount}"),
    ("MIN(Total)", "MinTotal", "{smallest|lowest|minimum} {invoice|order} {total|amount}"),
    ("SUM(Total)", "SumTotal", "{sum of all|total of all|sum of the} {invoice totals|invoices}"),
    ("COUNT(*)", "Invoices", "{number of|total number of} {invoices|orders}"),
]
GROUPS = {
    "country": ("BillingCountry", "Country", "BillingCountry", "{country|billing country}", "{countries|billing countries}"),
    "city": ("BillingCity", "City", "BillingCity", "{city|billing city}", "{cities|billing cities}"),
    "year": ("strftime('%Y', InvoiceDate)", "Year", "Year", "year", "years"),
    "month": ("strftime('%Y-%m', InvoiceDate)", "Month", "Month", "month", "months"),
}
NAMES = ["year", "country", "ym", "lastm", "city", "range", "quarter", "date", "outside"]


def condition(ctx, probability=0.55, names=NAMES):
    """(words, WHERE clause, kind) of at most one condition on invoices."""
    if not ctx.chance(probability):
        return "", "", None
    found = sales_filter(ctx, None, names)
    return " " + found.after, " WHERE " + found.where.replace("i.", ""), found.kind


def pair(ctx, clauses, sql, why, intent):
    return Pair(ctx.spin(ctx.pick(clauses)), sql, why, intent)


def aggregate(ctx):
    expression, name, words = ctx.pick(AGGREGATES[:5])
    after, clause, _ = condition(ctx)
    clauses = [f"{ONE} the {words}{after}"]
    if name == "AvgTotal":
        clauses.append(f"how {{much|large}} is {{the|an}} average invoice{after}")
    sql = f"SELECT {expression} AS {name} FROM Invoice{clause}"
    return pair(ctx, clauses, sql, f"{name} over the invoices.", "invoice_aggregate")


def by_total(ctx):
    """Invoices above or below a total: counted or listed."""
    after, clause, _ = condition(ctx)
    limit = ctx.threshold([1, 2, 5, 8, 10, 12, 15, 20, 25])
    operator, words = ctx.pick(
        [
            (">", "{more than|over|above|greater than|exceeding}"),
            ("<", "{less than|under|below}"),
            (">=", "at least"),
        ]
    )
    test = f"Total {operator} {limit}"
    if ctx.chance(0.15):
        upper = int(float(limit)) + ctx.rng.randint(1, 20)
        words, test, limit = "between", f"Total BETWEEN {limit} AND {upper}", f"{limit} and {upper}"
    full = f" WHERE {test}" + (" AND " + clause[7:] if clause else "")
    if ctx.chance(0.55):
        clauses = [
            f"how many {INVOICES} {{are|were|have a total|total}} {words} {limit}{{ dollars|}}{after}",
            f"count {{the |}}{INVOICES} {{with a total {{of |}}|}}{words} {limit}{after}",
            f"{ONE} the number of {INVOICES} {{with a total {{of |}}|}}{words} {limit}{after}",
        ]
        sql = f"SELECT COUNT(*) AS Total FROM Invoice{full}"
        return pair(ctx, clauses, sql, "Counts the matching invoices.", "invoice_count_total")
    clauses = [
        f"{LIST} {{all |the |}}{{invoices|invoice ids and totals|orders}} "
        f"{{with a total |where the total is |}}{words} {limit}{after}",
        f"which {INVOICES} {{are|were|have a total}} {words} {limit}{after}",
    ]
    sql = f"SELECT InvoiceId, Total FROM Invoice{full} ORDER BY Total DESC, InvoiceId"
    return pair(ctx, clauses, sql, "Lists the matching invoices.", "invoice_rows_total")


def grouped(ctx):
    """An aggregate per country, city, year or month: all, the best, or filtered."""
    expression, name, words = ctx.pick(AGGREGATES)
    kind = ctx.pick(GROUPS, [3, 1.5, 2.5, 2])
    column, alias, group, one, many = GROUPS[kind]
    time = kind in ("year", "month")
    names = ["country", "city"] if time else ["year", "ym", "lastm", "range"]
    after, clause, _ = condition(ctx, 0.3, names)
    base = f"SELECT {column} AS {alias}, {expression} AS {name} FROM Invoice{clause} GROUP BY {group}"
    order = alias if time else f"{name} DESC, {alias}"
    mode = ctx.pick(["all", "best", "having"], [5, 4, 3])
    if mode == "all":
        clauses = [
            f"{ONE} the {words} {{per|by|for each|in each}} {one}{after}",
            f"{LIST} {{the |}}{words} {{per|by|for each}} {one}{after}",
        ]
        if name == "Invoices":
            clauses.append(
                f"how many {INVOICES} {{were there|are there|do we have|were made|were issued}} "
                f"{{per|in each|for each|by}} {one}{after}"
            )
        return pair(ctx, clauses, f"{base} ORDER BY {order}", f"{name} grouped by {alias}.", "invoice_group")
    if mode == "best":
        count = 1 if ctx.chance(0.5) else ctx.count()
        high = ctx.chance(0.75)
        word = "highest" if high else "lowest"
        most = f"the {word} {words}"
        if name == "Invoices":
            most = "the {most|highest number of} invoices" if high else "the fewest invoices"
        if count == 1:
            clauses = [f"{{which|what}} {one} {{has|had}} {most}{after}", f"{ONE} the {one} with {most}{after}"]
        else:
            clauses = [f"{LIST} the {{top |}}{ctx.number(count)} {many} with {most}{after}"]
        direction = "DESC" if high else "ASC"
        sql = f"{base} ORDER BY {name} {direction}, {alias} LIMIT {count}"
        return pair(ctx, clauses, sql, f"{alias} ranked by {name}.", "invoice_group_top")
    limit = ctx.threshold([3, 4, 5, 6, 7, 8, 10, 15, 20])
    if name == "Invoices":
        limit = limit.split(".")[0]
        clauses = [
            f"{LIST} {{the |}}{many} with {{more than|over}} {limit} {INVOICES}{after}",
            f"which {many} {{have|had}} {{more than|over}} {limit} {INVOICES}{after}",
        ]
    else:
        clauses = [
            f"{LIST} {{the |}}{many} where the {words} is {{more than|above|over}} {limit}{after}",
            f"which {many} have {{a|an}} {words} {{above|over|of more than}} {limit}{after}",
        ]
    sql = f"{base} HAVING {expression} > {limit} ORDER BY {order}"
    return pair(ctx, clauses, sql, f"{alias} groups filtered by {name}.", "invoice_having")


def rows(ctx):
    after, clause, _ = condition(ctx, 0.8)
    clauses = [
        f"{LIST} {{all |the |all the |}}{INVOICES}{after} {{with|and}} {{their |}}{{date and total|dates and totals}}",
        f"{LIST} {{all |the |all the |}}{INVOICES}{after}",
        f"{{which|what}} {INVOICES} {{were issued|were made|do we have}}{after}",
    ]
    sql = f"SELECT InvoiceId, InvoiceDate, Total FROM Invoice{clause} ORDER BY InvoiceDate, InvoiceId"
    return pair(ctx, clauses, sql, "Lists the matching invoices.", "invoice_rows")


def extreme(ctx):
    after, clause, _ = condition(ctx)
    count = 1 if ctx.chance(0.4) else ctx.count()
    n = ctx.number(count)
    big = ctx.chance(0.75)
    size = "{largest|biggest|highest}" if big else "{smallest|lowest}"
    if count == 1:
        clauses = [
            f"{ONE} the {size} {{invoice|order}}{after}",
            f"{{which|what}} {{invoice|order}} {{has|had}} the "
            f"{'{highest|largest}' if big else '{lowest|smallest}'} total{after}",
        ]
    else:
        clauses = [
            f"{LIST} the {n} {size} {INVOICES}{after}",
            f"{LIST} the {{top|first}} {n} {INVOICES} by total{after}" if big else f"{LIST} the {n} {size} {INVOICES}{after}",
        ]
    sql = f"SELECT InvoiceId, Total FROM Invoice{clause} ORDER BY Total {'DESC' if big else 'ASC'}, InvoiceId LIMIT {count}"
    return pair(ctx, clauses, sql, "Invoices ordered by total.", "invoice_top")


def latest(ctx):
    after, clause, _ = condition(ctx, 0.45)
    late = ctx.chance(0.7)
    if ctx.chance(0.45):
        word = "{last|latest|most recent|newest}" if late else "{first|earliest|oldest}"
        clauses = [
            f"{{when was|what is the date of|what was the date of|what date was}} the {word} "
            f"{{invoice|order|purchase|sale}}{after}"
        ]
        sql = f"SELECT {'MAX' if late else 'MIN'}(InvoiceDate) AS InvoiceDate FROM Invoice{clause}"
        return pair(ctx, clauses, sql, "One invoice date.", "invoice_date")
    count = ctx.count()
    word = "{latest|most recent|newest|last}" if late else "{earliest|oldest|first}"
    clauses = [
        f"{LIST} the {ctx.number(count)} {word} {INVOICES}{after}",
        f"{LIST} the {word} {ctx.number(count)} {INVOICES}{after}",
    ]
    direction = "DESC" if late else "ASC"
    sql = (
        f"SELECT InvoiceId, InvoiceDate, Total FROM Invoice{clause} "
        f"ORDER BY InvoiceDate {direction}, InvoiceId LIMIT {count}"
    )
    return pair(ctx, clauses, sql, "Invoices ordered by date.", "invoice_latest")


def of_customer(ctx):
    first, last = ctx.person("customer")
    clauses = [
        f"{LIST} {{all |the |all the |}}{INVOICES} {{of|for|from|by}} {{customer |}}{first} {last}",
        f"{{which|what}} {INVOICES} {{does|did}} {first} {last} have",
    ]
    test = f"c.FirstName = {sql_text(first)} AND c.LastName = {sql_text(last)}"
    source = "FROM Invoice i JOIN Customer c ON i.CustomerId = c.CustomerId"
    sql = f"SELECT i.InvoiceId, i.InvoiceDate, i.Total {source}{where([test])} ORDER BY i.InvoiceDate, i.InvoiceId"
    return pair(ctx, clauses, sql, "Invoices of one customer.", "invoice_customer")


def lines(ctx):
    number = ctx.rng.randint(1, 450)
    clauses = [
        f"{LIST} {{the |all |}}{{tracks|songs}} {{on|in|of}} invoice {{number |}}{number}",
        f"{{which|what}} {{tracks|songs}} {{are on|were bought in|are in}} invoice {{number |}}{number}",
    ]
    sql = (
        "SELECT t.Name, il.UnitPrice, il.Quantity FROM InvoiceLine il "
        f"JOIN Track t ON il.TrackId = t.TrackId WHERE il.InvoiceId = {number} ORDER BY t.Name"
    )
    return pair(ctx, clauses, sql, "Lines of one invoice.", "invoice_lines")


INVOICE = [
    (aggregate, 2.5),
    (by_total, 3),
    (grouped, 4.5),
    (rows, 1.5),
    (extreme, 2),
    (latest, 2),
    (of_customer, 1.2),
    (lines, 0.8),
]
