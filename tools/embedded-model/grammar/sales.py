"""Revenue, units and invoices by one dimension, and as one number."""

from .core import (
    CUSTOMER_NAME,
    EMPLOYEE_NAME,
    LIST,
    ONE,
    REVENUE,
    Pair,
    join,
    simplify,
    sql_text,
    where,
)
from .filters import attach, sales_filter, sales_filters


class Dimension:
    """What sales are grouped by."""

    def __init__(self, one, many, expression, name, group, needs):
        self.one = one
        self.many = many
        self.expression = expression
        self.name = name
        self.group = group
        self.needs = needs

    @property
    def select(self):
        return f"{self.expression} AS {self.name}"


DIMENSIONS = {
    "genre": Dimension(
        "{music |}genre", "{music |}genres", "g.Name", "Genre", "g.GenreId", ["g"]
    ),
    "artist": Dimension(
        "{artist|artist|band|performer}",
        "{artists|artists|bands|performers}",
        "ar.Name",
        "Artist",
        "ar.ArtistId",
        ["ar"],
    ),
    "album": Dimension(
        "{album|album|record}",
        "{albums|albums|records}",
        "al.Title",
        "Album",
        "al.AlbumId",
        ["al"],
    ),
    "track": Dimension("{track|song}", "{tracks|songs}", "t.Name", "Track", "t.TrackId", ["t"]),
    "mt": Dimension(
        "{media type|media type|file format|format}",
        "{media types|media types|file formats|formats}",
        "mt.Name",
        "MediaType",
        "mt.MediaTypeId",
        ["mt"],
    ),
    "country": Dimension(
        "{country|country|billing country|nation|market}",
        "{countries|countries|billing countries|nations|markets}",
        "i.BillingCountry",
        "Country",
        "i.BillingCountry",
        ["i"],
    ),
    "city": Dimension(
        "{city|billing city}",
        "{cities|billing cities}",
        "i.BillingCity",
        "City",
        "i.BillingCity",
        ["i"],
    ),
    "customer": Dimension(
        "{customer|customer|client|buyer}",
        "{customers|customers|clients|buyers}",
        CUSTOMER_NAME,
        "Customer",
        "c.CustomerId",
        ["c"],
    ),
    "employee": Dimension(
        "{sales rep|support rep|employee|sales agent|support agent|sales representative|rep|agent|"
        "support employee|salesperson}",
        "{sales reps|support reps|employees|sales agents|support agents|sales representatives|reps|"
        "agents|support employees|salespeople}",
        EMPLOYEE_NAME,
        "Employee",
        "e.EmployeeId",
        ["e"],
    ),
    "year": Dimension(
        "{year|calendar year}", "years", "strftime('%Y', i.InvoiceDate)", "Year", "Year", ["i"]
    ),
    "month": Dimension(
        "month", "months", "strftime('%Y-%m', i.InvoiceDate)", "Month", "Month", ["i"]
    ),
    "playlist": Dimension(
        "playlist", "playlists", "p.Name", "Playlist", "p.PlaylistId", ["p"]
    ),
    "composer": Dimension(
        "{composer|songwriter}",
        "{composers|songwriters}",
        "t.Composer",
        "Composer",
        "t.Composer",
        ["t"],
    ),
}
DIMENSION_WEIGHTS = [14, 14, 10, 8, 8, 14, 6, 14, 10, 7, 6, 3, 2]
TIME = ("year", "month")
# measure -> (how it is called, expression, name)
MEASURES = {
    "rev": (
        "{revenue|revenue|sales|total revenue|total sales|income|turnover|sales revenue|earnings|"
        "sales amount}",
        REVENUE,
        "Revenue",
    ),
    "units": (
        "{units sold|number of units sold|tracks sold|quantity sold|number of tracks sold|"
        "copies sold|unit sales|sales volume|number of sales}",
        "SUM(il.Quantity)",
        "UnitsSold",
    ),
    "inv": (
        "{number of invoices|invoice count|invoices|number of orders|order count|"
        "number of purchases}",
        "COUNT(DISTINCT il.InvoiceId)",
        "Invoices",
    ),
}
MOST = {
    "rev": "{generated|brought in|earned|made|produced|had|generates|brings in|makes|earns} the "
    "<MOST> {revenue|money|sales|income|revenue}",
    "units": "{sold|sells|has sold|moved} the <MOST> {units|copies|tracks|songs}",
    "inv": "{has|had} the <MOST> {invoices|orders|purchases}",
}
CUSTOMER_MOST = {
    "rev": "{spent|spends|has spent|paid} the <MOST>{| money| in total| overall}",
    "units": "{bought|purchased|has bought|ordered} the <MOST> {tracks|songs|units}",
    "inv": "{has|placed|made|had} the <MOST> {invoices|orders|purchases}",
}
BEST = {
    "rev": "{top-earning|highest-earning|top-grossing|highest-grossing|most profitable|"
    "most lucrative|highest revenue}",
    "units": "{best-selling|top-selling|best selling|top selling|most sold|most purchased|"
    "most popular}",
    "inv": "{most frequent|most active|most often ordered}",
}
WORST = {
    "rev": "{lowest-earning|lowest-grossing|least profitable}",
    "units": "{worst-selling|least sold|least purchased|least popular|worst selling}",
    "inv": "{least active|least often ordered}",
}
REVENUE_LIMITS = [5, 10, 20, 25, 30, 40, 50, 60, 75, 80, 100, 120, 150, 200, 250, 300, 400, 500]
INVOICE_LIMITS = [2, 3, 5, 6, 7, 8, 10, 12, 15, 20, 30, 50]


class Sales:
    """One drawn combination of dimension, measure and conditions."""

    def __init__(self, ctx, weights=(0.5, 0.45, 0.05), plain=False, no_invoices=False):
        self.ctx = ctx
        self.kind = ctx.pick(DIMENSIONS, DIMENSION_WEIGHTS)
        self.measure = ctx.pick(MEASURES, [6, 3, 1.6])
        by_place = self.kind in ("country", "city", *TIME)
        if self.measure == "inv" and (by_place or no_invoices):
            self.measure = "rev"
        self.dimension = DIMENSIONS[self.kind]
        self.noun, self.expression, self.name = MEASURES[self.measure]
        self.filters = [] if plain else sales_filters(ctx, self.kind, weights)
        needs = set(self.dimension.needs).union(*(item.needs for item in self.filters))
        self.source, self.aliases = join("il", needs)
        conditions = [item.where for item in self.filters]
        if self.kind == "composer":
            conditions.append("t.Composer IS NOT NULL")
        self.where = where(conditions)

    @property
    def columns(self):
        return f"{self.dimension.select}, {self.expression} AS {self.name}"

    @property
    def grouped(self):
        return f"{self.source}{self.where} GROUP BY {self.dimension.group}"

    @property
    def ranking(self):
        if self.kind in TIME:
            return self.dimension.name
        return f"{self.name} DESC, {self.dimension.name}"

    def most(self, descending):
        """'generated the most revenue' in the words of the dimension."""
        ctx = self.ctx
        table = CUSTOMER_MOST if self.kind == "customer" else MOST
        if descending:
            word = "most" if self.kind == "customer" else ctx.pick(["most", "most", "highest"])
            word = "most" if self.measure != "rev" else word
        else:
            word = ctx.pick(["least", "least", "lowest"] if self.measure == "rev" else ["fewest"])
            word = "least" if self.kind == "customer" and self.measure == "rev" else word
        return table[self.measure].replace("<MOST>", word)

    def pair(self, clauses, sql, why, intent):
        clause = attach(self.ctx, self.ctx.pick(clauses), self.filters)
        return Pair(self.ctx.spin(clause), simplify(sql, self.aliases), why, intent)


def sales_list(ctx):
    s = Sales(ctx)
    one, noun = s.dimension.one, s.noun
    clauses = [
        f"{LIST} {{the |}}{noun} {{per|by|for each|for every|of each|by each}} {one}",
        f"{ONE} {{the |}}{noun} {{per|by|for each}} {one}",
        f"how {{is|are}} {noun} {{split|distributed|broken down}} by {one}",
        f"{noun} {{per|by|for each}} {one}",
        f"{{break down|split|group|summarize|aggregate}} {{the |}}{noun} by {one}",
        f"for each {one}, {{what is|show|give|give me|list}} the {noun}",
        f"{LIST} {{each|every}} {one} {{with|and|along with}} {{its|their|the}} {noun}",
    ]
    if s.measure == "rev":
        clauses += [
            f"how much {{revenue|money|income}} did {{each|every}} {one} {{make|generate|bring in}}"
            if s.kind not in ("customer", *TIME)
            else f"how much {{revenue |}}{{do|did}} we {{make|earn|sell}} {{per|in each|each}} {one}"
            if s.kind in TIME
            else f"how much {{money |}}did {{each|every}} {one} spend{{| in total}}"
        ]
    sql = f"SELECT {s.columns} {s.grouped} ORDER BY {s.ranking}"
    return s.pair(clauses, sql, f"{s.name} grouped by {s.dimension.name}.", "sales_list")


def sales_both(ctx):
    s = Sales(ctx)
    one, many = s.dimension.one, s.dimension.many
    clauses = [
        f"{LIST} {{the |}}revenue and {{the |}}{{number of |}}units sold {{per|by|for each}} {one}",
        f"{LIST} {many} with {{their |}}revenue and units sold",
    ]
    order = s.dimension.name if s.kind in TIME else f"Revenue DESC, {s.dimension.name}"
    sql = (
        f"SELECT {s.dimension.select}, {REVENUE} AS Revenue, SUM(il.Quantity) AS UnitsSold "
        f"{s.grouped} ORDER BY {order}"
    )
    why = f"Revenue and units grouped by {s.dimension.name}."
    return s.pair(clauses, sql, why, "sales_both")


def sales_top(ctx):
    s = Sales(ctx)
    many, noun = s.dimension.many, s.noun
    descending = ctx.chance(0.78)
    count = ctx.count()
    n = ctx.number(count)
    high = "{highest|largest|biggest|greatest}" if descending else "{lowest|smallest}"
    best = (BEST if descending else WORST)[s.measure]
    people = s.kind in ("customer", "employee", "artist")
    clauses = [
        f"{LIST} the {n} {many} {{with|having}} the {high} {noun}",
        f"{{which|what}} {n} {many} {s.most(descending)}",
        f"{LIST} the {n} {best} {many}",
        f"{'who' if people else 'what'} are the {n} {best} {many}",
    ]
    if descending:
        clauses += [
            f"{LIST} {{the |}}top {n} {many} by {noun}",
            f"{LIST} {{the |our |}}top {n} {many} "
            f"{{ranked by|in terms of|according to|based on|by}} {noun}",
            f"top {n} {many} by {noun}",
            f"{LIST} the {n} {{best|top|leading}} {many} by {noun}",
        ]
        if s.kind == "customer" and s.measure == "rev":
            clauses += [
                f"{LIST} {{the |our |}}{{top|biggest|best}} {n} {{spenders|spending customers|"
                "customers by {total |}spending|customers by {total |}amount spent}",
                f"{LIST} the {n} customers who {{spent|have spent}} the most{{| money}}",
            ]
    else:
        clauses += [
            f"{LIST} {{the |}}bottom {n} {many} by {noun}",
            f"{LIST} the {n} {{worst|weakest}} {many} by {noun}",
        ]
    direction = "DESC" if descending else "ASC"
    order = f"{s.name} {direction}, {s.dimension.name}"
    sql = f"SELECT {s.columns} {s.grouped} ORDER BY {order} LIMIT {count}"
    why = f"{'Top' if descending else 'Bottom'} {count} by {s.name}."
    return s.pair(clauses, sql, why, "sales_top")


def sales_best(ctx):
    """The one best or worst."""
    s = Sales(ctx)
    one, noun = s.dimension.one, s.noun
    descending = ctx.chance(0.78)
    high = "{highest|largest|biggest|greatest}" if descending else "{lowest|smallest}"
    best = (BEST if descending else WORST)[s.measure]
    clauses = [
        f"{{which|what}} {one} {s.most(descending)}",
        f"{{which|what}} {one} {{has|had}} the {high} {noun}",
        f"{ONE} the {one} with the {high} {noun}",
        f"{{which|what}} {{is|was}} {{the|our}} {best} {one}",
        f"{ONE} the {best} {one}",
    ]
    if s.kind == "customer":
        clauses.append(f"who {s.most(descending)}")
        if s.measure == "rev" and descending:
            clauses.append(
                "who is {our|the} {biggest|top|best} {spender|spending customer|customer by revenue|"
                "customer by spending|customer}"
            )
    if s.kind == "employee" and s.measure == "rev" and descending:
        clauses.append(
            "{who|which employee} {generated|brought in|made} the {most|highest} {revenue|sales}"
        )
    direction = "DESC" if descending else "ASC"
    order = f"{s.name} {direction}, {s.dimension.name}"
    sql = f"SELECT {s.columns} {s.grouped} ORDER BY {order} LIMIT 1"
    why = f"The {s.dimension.name} with the {'highest' if descending else 'lowest'} {s.name}."
    return s.pair(clauses, sql, why, "sales_best")


def bound(ctx):
    """(operator, words) of a limit on a measure."""
    return ctx.pick(
        [
            (">", "{more than|over|above|exceeding|greater than}"),
            (">", "{more than|over|above}"),
            (">=", "{at least|no less than}"),
            ("<", "{less than|under|below|fewer than}"),
            ("<=", "at most"),
        ],
        [3, 3, 2, 2, 0.5],
    )


def sales_having(ctx):
    s = Sales(ctx)
    many, noun = s.dimension.many, s.noun
    limit = ctx.threshold(INVOICE_LIMITS if s.measure == "inv" else REVENUE_LIMITS)
    if s.measure != "rev":
        limit = limit.split(".")[0]
    customer = s.kind == "customer"
    verbs = {
        "rev": "{spent|have spent|paid}" if customer else "{generated|brought in|earned|made}",
        "units": "{bought|have bought|purchased}" if customer else "{sold|have sold}",
        "inv": "{have|placed|made}" if customer else "{have|had}",
    }[s.measure]
    objects = {
        "rev": "{dollars|in total|overall|}" if customer else "{dollars|in revenue|in sales|}",
        "units": "{units|tracks|copies}",
        "inv": "{invoices|orders|purchases}",
    }[s.measure]
    relative = "who" if customer or s.kind == "employee" else "that"
    operator, words = bound(ctx)
    condition = f"{s.expression} {operator} {limit}"
    if ctx.chance(0.15) and s.measure == "rev":
        upper = int(float(limit)) + ctx.rng.randint(5, 200)
        words, condition = "between", f"{s.expression} BETWEEN {limit} AND {upper}"
        limit = f"{limit} and {upper}"
    clauses = [
        f"{LIST} {{the |all |}}{many} with {words} {limit} "
        + ("{in|of} " + noun if s.measure == "rev" else objects),
        f"which {many} {verbs} {words} {limit} {objects}",
        f"{LIST} {{the |all |}}{many} {relative} {verbs} {words} {limit} {objects}",
        f"{LIST} {{the |}}{many} {{whose|where the}} {noun} {{is|are|was}} {words} {limit}",
    ]
    if ctx.chance(0.15):
        counting = [
            f"how many {many} {verbs} {words} {limit} {objects}",
            f"{ONE} the number of {many} {relative} {verbs} {words} {limit} {objects}",
        ]
        inner = f"SELECT {s.dimension.group} {s.grouped} HAVING {condition}"
        if s.kind in TIME:
            inner = f"SELECT {s.dimension.select} {s.grouped} HAVING {condition}"
        sql = f"SELECT COUNT(*) AS Total FROM ({inner})"
        return s.pair(counting, sql, "Counts the groups of a subquery.", "sales_having_count")
    sql = f"SELECT {s.columns} {s.grouped} HAVING {condition} ORDER BY {s.ranking}"
    why = f"{s.dimension.name} groups filtered by {s.name}."
    return s.pair(clauses, sql, why, "sales_having")


def sales_share(ctx):
    s = Sales(ctx, plain=True, no_invoices=True)
    one = s.dimension.one
    words = "{revenue|sales}" if s.measure == "rev" else "{units sold|tracks sold}"
    inner = "UnitPrice * Quantity" if s.measure == "rev" else "Quantity"
    percent = "{percentage|share|percent|percentage share|proportion}"
    clauses = [
        f"{ONE} {{the |}}{percent} of {{total |overall |}}{words} "
        f"{{per|by|for each|of each|from each}} {one}",
        f"what {{percentage|share|percent}} of {{total |}}{words} {{comes from|is from}} each {one}",
        f"{LIST} {{each|every}} {one} {{with|and}} its {percent} of {{total |}}{words}",
    ]
    total = f"(SELECT SUM({inner}) FROM InvoiceLine)"
    order = s.dimension.name if s.kind in TIME else f"Percent DESC, {s.dimension.name}"
    sql = (
        f"SELECT {s.dimension.select}, 100.0 * {s.expression} / {total} AS Percent "
        f"{s.grouped} ORDER BY {order}"
    )
    why = f"Share of the total per {s.dimension.name}."
    return s.pair(clauses, sql, why, "sales_share")


def sales_rank(ctx):
    s = Sales(ctx)
    one, many, noun = s.dimension.one, s.dimension.many, s.noun
    clauses = [
        f"rank {{the |all |our |}}{many} by {noun}",
        f"{LIST} {{the |}}rank of {{each|every}} {one} by {noun}",
        f"{LIST} {{the |}}{many} ranked by {noun} with {{their|the}} rank",
        f"{LIST} {{all |the |}}{many} with {{their |}}{noun} and {{their |}}{{rank|ranking}}",
    ]
    rank = f"RANK() OVER (ORDER BY {s.expression} DESC) AS Rank"
    sql = f"SELECT {s.columns}, {rank} {s.grouped} ORDER BY Rank, {s.dimension.name}"
    return s.pair(clauses, sql, f"Window rank by {s.name}.", "sales_rank")


def sales_above_average(ctx):
    s = Sales(ctx, plain=True, no_invoices=True)
    one, many, noun, name = s.dimension.one, s.dimension.many, s.noun, s.name
    above = "{above average|above-average|higher than average|more than average}"
    clauses = [
        f"{LIST} {{the |}}{many} {{with|whose}} {above} {noun}",
        f"which {many} {{have|had}} {above} {noun}",
        f"{LIST} {{the |}}{many} whose {noun} {{is|are}} above the average {{per {one}|of all {many}}}",
    ]
    if s.kind == "customer" and s.measure == "rev":
        clauses += [
            "{which|what} customers {spend|spent|have spent} more than {the |}average{| customer}"
        ]
    sql = (
        f"WITH x AS (SELECT {s.columns} {s.grouped}) SELECT {s.dimension.name}, {name} FROM x "
        f"WHERE {name} > (SELECT AVG({name}) FROM x) ORDER BY {s.ranking}"
    )
    return s.pair(clauses, sql, f"{s.dimension.name} above the average {name}.", "sales_above")


def sales_average(ctx):
    """The average of a measure over groups."""
    s = Sales(ctx, weights=(0.7, 0.3, 0), no_invoices=True)
    one, noun = s.dimension.one, s.noun
    clauses = [
        f"{ONE} the {{average|mean}} {noun} per {one}",
        f"how much {{revenue|money}} {{do we make|comes in}} per {one} on average"
        if s.measure == "rev"
        else f"how many {{tracks|units}} are sold per {one} on average",
    ]
    group = s.dimension.select if s.kind in TIME else s.dimension.group
    sql = (
        f"SELECT AVG({s.name}) AS Avg{s.name} FROM "
        f"(SELECT {group}, {s.expression} AS {s.name} {s.grouped})"
    )
    return s.pair(clauses, sql, "Average over a grouped subquery.", "sales_average")


SCALAR_CLAUSES = {
    "rev": [
        "{how much|what|how much total} {revenue|income|money} {did we make|did we earn|"
        "was generated|was made|did we generate|came in|did the store make}",
        ONE + " {the |our |}{total revenue|revenue|total sales|sales|sales revenue|"
        "overall revenue|turnover|income|total income|amount of sales}",
        "how much did we {sell|earn|make}",
        "{sum|add} up {the |all |}{revenue|sales}",
        "{total|overall} {revenue|sales}",
    ],
    "units": [
        "how many {tracks|songs|units|copies} {were sold|did we sell|have been sold|"
        "were purchased|were bought|have we sold}",
        ONE + " {the |}{number of units sold|units sold|total quantity sold|"
        "number of tracks sold|total number of tracks sold}",
    ],
    "inv": [
        "how many {invoices|orders|purchases} {were there|were made|were placed|do we have|"
        "are there|were issued|did we get}",
        ONE + " the {number of invoices|invoice count|number of orders|total number of invoices}",
        "count {the |all |}{invoices|orders}",
    ],
}


def sales_scalar(ctx):
    """One measure over the matching sales."""
    measure = ctx.pick(MEASURES, [5, 3, 2])
    _, expression, name = MEASURES[measure]
    filters = sales_filters(ctx, None, (0.06, 0.72, 0.22))
    needs = set().union(*(item.needs for item in filters))
    source, aliases = join("il", needs)
    if measure == "inv" and not set(aliases) - {"il", "i", "c", "e"}:
        expression = "COUNT(*)"
        aliases = [alias for alias in aliases if alias != "il"] or ["i"]
        source = source.replace(
            "FROM InvoiceLine il JOIN Invoice i ON il.InvoiceId = i.InvoiceId", "FROM Invoice i"
        )
        source = "FROM Invoice i" if "il" in source.split() else source
    clause = attach(ctx, ctx.pick(SCALAR_CLAUSES[measure]), filters)
    sql = f"SELECT {expression} AS {name} {source}{where([item.where for item in filters])}"
    return Pair(ctx.spin(clause), simplify(sql, aliases), f"{name} as one number.", "sales_scalar")


ENTITY_CLAUSES = {
    "rev": [
        "how much {revenue|money|income} {did|has} <IT> {make|made|generate|generated|bring in|earn}",
        ONE + " the {revenue|sales|total revenue|total sales} {of|for|from} <IT>",
    ],
    "units": [
        "how many {copies|units|times} {of <IT> were sold|did <IT> sell|has <IT> sold}",
        ONE + " the {units sold|quantity sold|number of copies sold} {of|for} <IT>",
        "how {often|many times} was <IT> {sold|bought|purchased}",
    ],
    "inv": ["how many {invoices|orders} {include|contain} {a track from |}<IT>"],
}
CUSTOMER_CLAUSES = {
    "rev": [
        "how much {did|has} <IT> {spend|spent|spend in total|spend altogether|paid us}",
        ONE + " {the total|the total amount|the money} {spent|spending} by {customer |}<IT>",
        "how much money {has|did} {customer |}<IT> {spent|paid us|spend}",
        "total {spending|spend} {of|for|by} {customer |}<IT>",
    ],
    "units": [
        "how many {tracks|songs|units} {did|has} {customer |}<IT> {buy|bought|purchase|purchased}"
    ],
    "inv": [
        "how many {invoices|orders|purchases} {does|did|has} {customer |}<IT> "
        "{have|made|make|place|placed}",
        ONE + " the number of {invoices|orders|purchases} {for|of|by|from} {customer |}<IT>",
    ],
}


def entity(ctx):
    """(words, condition, needed alias, kind) of one track, album, customer, artist, playlist."""
    kind = ctx.pick(["track", "album", "artist", "playlist", "customer"], [2, 2, 2, 1, 4])
    if kind == "customer":
        first, last = ctx.person("customer")
        condition = f"c.FirstName = {sql_text(first)} AND c.LastName = {sql_text(last)}"
        return f"{first} {last}", condition, "c", kind
    value = ctx.literal(kind)
    words = {
        "track": "{the |}{track|song} " + ctx.quoted(value),
        "album": "{the |}{album|record} " + ctx.quoted(value),
        "artist": "{the {artist|band} |}" + ctx.quoted(value),
        "playlist": "the {playlist %s|%s playlist}" % (value, value),
    }[kind]
    column = {"track": "t.Name", "album": "al.Title", "artist": "ar.Name", "playlist": "p.Name"}
    return words, f"{column[kind]} = {sql_text(value)}", column[kind].split(".")[0], kind


def sales_entity(ctx):
    """One measure of one named thing."""
    measure = ctx.pick(MEASURES, [5, 3, 1.5])
    _, expression, name = MEASURES[measure]
    words, condition, need, kind = entity(ctx)
    filters = []
    if ctx.chance(0.25):
        filters = [sales_filter(ctx, None, ["year", "lastm", "ym", "since"])]
    source, aliases = join("il", {need}.union(*(item.needs for item in filters)))
    if kind == "customer" and measure == "inv":
        expression = "COUNT(*)"
        source = "FROM Invoice i JOIN Customer c ON i.CustomerId = c.CustomerId"
    clauses = CUSTOMER_CLAUSES if kind == "customer" else ENTITY_CLAUSES
    clause = attach(ctx, ctx.pick(clauses[measure]).replace("<IT>", words), filters)
    conditions = [condition] + [item.where for item in filters]
    sql = f"SELECT {expression} AS {name} {source}{where(conditions)}"
    return Pair(ctx.spin(clause), simplify(sql, aliases), f"{name} for one {kind}.", "sales_entity")


SALES = [
    (sales_list, 5),
    (sales_top, 6),
    (sales_best, 6),
    (sales_having, 3.2),
    (sales_share, 1.5),
    (sales_rank, 1.5),
    (sales_above_average, 1.2),
    (sales_average, 1.2),
    (sales_both, 1.2),
    (sales_scalar, 7),
    (sales_entity, 5),
]
