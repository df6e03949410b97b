"""Tracks: counts, lengths, prices and sizes, by group and as lists."""

import re

from .core import LIST, ONE, Filter, Pair, join, simplify, sql_text, where
from .filters import genre_text
from .sales import DIMENSIONS

SONGS = "{tracks|tracks|songs}"
SONG = "{track|song}"


def track_filter(ctx, dimension=None):
    """A condition on tracks that is not on the dimension itself."""
    names = [name for name in TRACK_FILTERS if name != dimension]
    return TRACK_FILTERS[ctx.pick(names)](ctx)


def _genre(ctx):
    genre = ctx.literal("genre")
    text = genre_text(ctx, genre)
    after = ctx.pick(
        [
            f"{{in|of|from}} the {text} genre",
            "{in|with|of} {the |}genre " + ctx.quoted(genre),
            f"that {{are|belong to}} {text}",
            "whose genre is " + ctx.quoted(genre),
        ]
    )
    return Filter(after, "g.Name = " + sql_text(genre), ("g",), "genre", noun=text)


def _media_type(ctx):
    media = ctx.literal("media_type")
    after = "{in|with|of} {the |}{media type|format} " + ctx.quoted(media)
    return Filter(after, "mt.Name = " + sql_text(media), ("mt",), "mt")


def _artist(ctx):
    artist = ctx.literal("artist")
    after = "{by|from|of|by} {the artist |the band |}" + ctx.quoted(artist)
    return Filter(after, "ar.Name = " + sql_text(artist), ("ar",), "artist")


def _album(ctx):
    album = ctx.literal("album")
    after = "{on|from|of} {the album|album|the record} " + ctx.quoted(album)
    return Filter(after, "al.Title = " + sql_text(album), ("al",), "album")


def _playlist(ctx):
    playlist = ctx.literal("playlist")
    shape = ctx.pick(
        [
            "{in|on|from} the %s playlist",
            "{in|on|from} {the |}playlist %s",
            "{in|on} the '%s' playlist",
        ]
    )
    after = shape % playlist if "'" not in playlist else "{in|on} the playlist " + playlist
    return Filter(after, "p.Name = " + sql_text(playlist), ("p",), "playlist")


def _composer(ctx):
    composer = ctx.literal("composer")
    shape = ctx.pick(["{composed|written} by %s", "with %s as composer", "whose composer is %s"])
    return Filter(shape % composer, "t.Composer = " + sql_text(composer), ("t",), "composer")


def _price(ctx):
    usual = ["0.99", "1.99", "1", "1.5"]
    price = ctx.pick(usual) if ctx.chance(0.6) else f"{ctx.rng.randint(0, 9)}.{ctx.rng.randint(1, 99):02d}"
    words, operator = ctx.pick(
        [
            ("{costing|priced|that cost} {more than|over|above}", ">"),
            ("{priced at|that cost|costing} {exactly |}", "="),
            ("{costing|priced|that cost} {less than|under|below}", "<"),
            ("{costing|that cost} at least", ">="),
        ]
    )
    return Filter(f"{words} {price}", f"t.UnitPrice {operator} {price}", ("t",), "price")


def _length(ctx):
    longer = ctx.chance(0.65)
    operator = ">" if longer else "<"
    word = "longer than" if longer else "shorter than"
    more = "more than" if longer else "less than"
    shape = ctx.rng.random()
    if shape < 0.2:
        seconds = ctx.pick([60, 90, 120, 180, 200, 240, 300, 400, 500, ctx.rng.randint(20, 999)])
        after = f"{{{word}|that are {word}|lasting {more}}} {seconds} seconds"
        return Filter(after, f"t.Milliseconds {operator} {seconds * 1000}", ("t",), "length")
    if shape < 0.3:
        value = ctx.rng.randint(10, 600) * 1000 if ctx.chance(0.7) else ctx.rng.randint(9999, 999999)
        after = f"{{{word}|lasting {more}}} {value} {{milliseconds|ms}}"
        return Filter(after, f"t.Milliseconds {operator} {value}", ("t",), "length")
    low = ctx.pick([2, 3, 4, 5, 6, 7, 8, 10, 15, 20, 30, 40, ctx.rng.randint(1, 60)])
    if shape < 0.4:
        high = low + ctx.pick([1, 2, 3, 5, 10])
        after = f"{{between|lasting between|that last between}} {low} and {high} minutes{{| long}}"
        condition = f"t.Milliseconds BETWEEN {low * 60000} AND {high * 60000}"
        return Filter(after, condition, ("t",), "length")
    over = "over" if longer else "under"
    after = f"{{{word}|that are {word}|{over}|that last {more}}} {ctx.number(low)} {{minutes|min}}"
    if low == 1:
        after = after.replace("{minutes|min}", "minute")
    return Filter(after, f"t.Milliseconds {operator} {low * 60000}", ("t",), "length")


def _no_composer(ctx):
    after = (
        "{without|with no|that have no|missing a|lacking a|with an unknown|without a known} "
        "composer"
    )
    return Filter(after.replace("|that have no", "|with no listed"), "t.Composer IS NULL", ("t",), "nocomp")


def _has_composer(ctx):
    return Filter("{with|that have} a {known |}composer", "t.Composer IS NOT NULL", ("t",), "hascomp")


def _name(ctx):
    word = ctx.literals.word(ctx.rng).replace("'", "")
    quoted = ctx.pick(["%s", "'%s'", '"%s"', "the word %s", "the word '%s'"]) % word
    bare = quoted.replace("the word ", "")
    after, pattern = ctx.pick(
        [
            (f"{{with|containing|that contain}} {quoted} in {{the|their}} {{name|title}}", f"%{word}%"),
            (f"whose {{name|title}} {{contains|includes}} {quoted}", f"%{word}%"),
            (f"{{whose {{name|title}} starts|starting|that start}} with {bare}", f"{word}%"),
            (f"{{whose {{name|title}} ends|ending|that end}} with {bare}", f"%{word}"),
        ],
        [3, 3, 1.5, 1],
    )
    return Filter(after, f"t.Name LIKE '{pattern}'", ("t",), "name")


TRACK_FILTERS = {
    "genre": _genre,
    "mt": _media_type,
    "artist": _artist,
    "album": _album,
    "playlist": _playlist,
    "composer": _composer,
    "price": _price,
    "length": _length,
    "name": _name,
    "nocomp": _no_composer,
    "hascomp": _has_composer,
}

# measure -> (words, expression, name, usual limits, weight)
MEASURES = {
    "count": (
        "{number of tracks|track count|number of songs|count of tracks}",
        "COUNT(*)",
        "Tracks",
        [2, 3, 5, 8, 10, 12, 15, 20, 25, 30, 40, 50, 75, 100, 150, 200, 300, 500],
        12,
    ),
    "minutes": (
        "{total duration|total length|total playing time|total running time} in minutes",
        "SUM(t.Milliseconds) / 60000.0",
        "Minutes",
        [30, 45, 60, 90, 120, 200, 300, 500],
        3,
    ),
    "hours": (
        "{total duration|total length|total playing time} in hours",
        "SUM(t.Milliseconds) / 3600000.0",
        "Hours",
        [1, 2, 3, 5, 10],
        1,
    ),
    "ms": (
        "{total duration|total length|total playing time} {in milliseconds|}",
        "SUM(t.Milliseconds)",
        "Milliseconds",
        [1000000, 5000000],
        1.3,
    ),
    "avg_minutes": (
        "{average|mean} {track |song |}{length|duration} in minutes",
        "AVG(t.Milliseconds) / 60000.0",
        "AvgMinutes",
        [3, 4, 5, 6, 10],
        3,
    ),
    "avg_seconds": (
        "{average|mean} {track |song |}{length|duration} in seconds",
        "AVG(t.Milliseconds) / 1000.0",
        "AvgSeconds",
        [200, 240, 250, 300, 400],
        1.5,
    ),
    "avg_ms": (
        "{average|mean} {track |song |}{length|duration}{| in milliseconds}",
        "AVG(t.Milliseconds)",
        "AvgMilliseconds",
        [200000, 250000, 300000, 400000],
        2,
    ),
    "price": (
        "{average|mean} {track |unit |}price",
        "AVG(t.UnitPrice)",
        "AvgPrice",
        ["0.99", "1", "1.5"],
        1.5,
    ),
    "max_price": (
        "{highest|maximum} {track |unit |}price",
        "MAX(t.UnitPrice)",
        "MaxPrice",
        ["0.99", "1", "1.5"],
        0.5,
    ),
    "min_ms": (
        "{shortest|minimum} track {length|duration}{| in milliseconds}",
        "MIN(t.Milliseconds)",
        "MinMilliseconds",
        [60000, 90000],
        0.6,
    ),
    "bytes": (
        "{total size|total file size} {in bytes|}",
        "SUM(t.Bytes)",
        "TotalBytes",
        [100000000, 1000000000],
        1,
    ),
    "megabytes": (
        "{total size|total file size} in {megabytes|MB}",
        "SUM(t.Bytes) / 1048576.0",
        "Megabytes",
        [50, 100, 200, 500],
        1,
    ),
    "max_ms": (
        "{longest|maximum} track {length|duration}{| in milliseconds}",
        "MAX(t.Milliseconds)",
        "MaxMilliseconds",
        [300000, 400000, 600000],
        1,
    ),
}
GROUPED_BY = ["genre", "artist", "album", "mt", "playlist", "composer"]


class Catalogue:
    """One drawn measure, and a grouping with at most one condition."""

    def __init__(self, ctx, filtered=0.22):
        self.ctx = ctx
        weights = [measure[4] for measure in MEASURES.values()]
        self.measure = ctx.pick(MEASURES, weights)
        self.noun, self.expression, self.name, self.limits, _ = MEASURES[self.measure]
        self.kind = ctx.pick(GROUPED_BY, [5, 5, 5, 3, 3, 2])
        self.dimension = DIMENSIONS[self.kind]
        self.filter = track_filter(ctx, self.kind) if ctx.chance(filtered) else None
        if self.filter and self.filter.kind == "playlist":
            self.filter = None
        conditions = [self.filter.where] if self.filter else []
        if self.kind == "composer":
            conditions.append("t.Composer IS NOT NULL")
        needs = set(self.dimension.needs) | set(self.filter.needs if self.filter else ())
        source, self.aliases = join("t", needs)
        self.columns = f"{self.dimension.select}, {self.expression} AS {self.name}"
        self.grouped = f"{source}{where(conditions)} GROUP BY {self.dimension.group}"

    def pair(self, clauses, sql, why, intent):
        clause = self.ctx.pick(clauses)
        if self.filter:
            clause += " {for|counting only|only for|considering only} tracks " + self.filter.after
        return Pair(self.ctx.spin(clause), simplify(sql, self.aliases), why, intent)

    def most(self, descending):
        if self.measure == "count":
            high = "{most|largest number of|highest number of}"
            return (high if descending else "{fewest|least|smallest number of}") + " " + SONGS
        return ("{highest|largest|greatest} " if descending else "{lowest|smallest} ") + self.noun


def track_list(ctx):
    s = Catalogue(ctx)
    one, noun = s.dimension.one, s.noun
    clauses = [
        f"{LIST} {{the |}}{noun} {{per|by|for each|in each|for every|of each}} {one}",
        f"{LIST} {{each|every}} {one} {{with|and}} {{its|the}} {noun}",
    ]
    if s.measure == "count":
        clauses += [
            f"how many {SONGS} {{are there|do we have|are}} {{per|in each|for each|by|in every}} {one}",
            f"how many {SONGS} does {{each|every}} {one} {{have|contain}}",
            f"count {{the |}}{SONGS} {{per|by|in each|for each}} {one}",
            f"{SONGS} per {one}",
        ]
    else:
        clauses += [
            f"for each {one}, {{show|what is|give me}} the {noun}",
            f"{ONE} the {noun} {{per|by|of each|for each}} {one}",
        ]
    sql = f"SELECT {s.columns} {s.grouped} ORDER BY {s.name} DESC, {s.dimension.name}"
    return s.pair(clauses, sql, f"{s.name} grouped by {s.dimension.name}.", "track_list")


def track_top(ctx):
    s = Catalogue(ctx)
    many, one = s.dimension.many, s.dimension.one
    descending = ctx.chance(0.76)
    count = 1 if ctx.chance(0.5) else ctx.count()
    n = ctx.number(count)
    if count == 1:
        clauses = [
            f"{{which|what}} {one} {{has|contains|had}} the {s.most(descending)}",
            f"{ONE} the {one} with the {s.most(descending)}",
        ]
        if s.measure in ("minutes", "ms") and descending:
            tail = " in minutes" if s.measure == "minutes" else ""
            clauses.append(f"{{which|what}} is the {{longest|longest-running}} {one}{tail}")
    else:
        clauses = [
            f"{LIST} the {n} {many} with the {s.most(descending)}",
            f"{{which|what}} {n} {many} {{have|contain}} the {s.most(descending)}",
            f"{LIST} {{the |}}{'top' if descending else 'bottom'} {n} {many} by {s.noun}",
        ]
    order = f"{s.name} {'DESC' if descending else 'ASC'}, {s.dimension.name}"
    sql = f"SELECT {s.columns} {s.grouped} ORDER BY {order} LIMIT {count}"
    why = f"{'Top' if descending else 'Bottom'} {count} by {s.name}."
    return s.pair(clauses, sql, why, "track_top")


def track_having(ctx):
    s = Catalogue(ctx, filtered=0.12)
    many, noun = s.dimension.many, s.noun
    limit = ctx.threshold(s.limits)
    operator, words = ctx.pick(
        [
            (">", "{more than|over|above}"),
            (">", "more than"),
            (">=", "at least"),
            ("<", "{less than|fewer than|under|below}"),
        ]
    )
    if s.measure == "count":
        limit = limit.split(".")[0]
        clauses = [
            f"{LIST} {{the |all |}}{many} with {words} {limit} {SONGS}",
            f"which {many} {{have|contain}} {words} {limit} {SONGS}",
            f"{LIST} {{the |all |}}{many} that {{have|contain}} {words} {limit} {SONGS}",
        ]
    else:
        words = words.replace("fewer than|", "")
        clauses = [
            f"{LIST} {{the |all |}}{many} whose {noun} is {words} {limit}",
            f"which {many} have {{a|an}} {noun} {{of |}}{words} {limit}",
            f"{LIST} {{the |}}{many} {{with a|having a}} {noun} {{of |}}{words} {limit}",
        ]
    condition = f"{s.expression} {operator} {limit}"
    if s.measure == "count" and ctx.chance(0.15):
        counting = [f"how many {many} {{have|contain}} {words} {limit} {SONGS}"]
        sql = f"SELECT COUNT(*) AS Total FROM (SELECT {s.dimension.group} {s.grouped} HAVING {condition})"
        return s.pair(counting, sql, "Counts the groups of a subquery.", "track_having_count")
    order = f"{s.name} DESC, {s.dimension.name}"
    sql = f"SELECT {s.columns} {s.grouped} HAVING {condition} ORDER BY {order}"
    return s.pair(clauses, sql, f"{s.dimension.name} groups filtered by {s.name}.", "track_having")


def track_share(ctx):
    """Share of all tracks per group."""
    kind = ctx.pick(["genre", "mt", "artist"])
    dimension = DIMENSIONS[kind]
    source, _ = join("t", dimension.needs)
    clause = ctx.pick(
        [
            f"{ONE} the {{percentage|share|percent}} of {{all |}}{SONGS} {{per|by|in each|for each}} {dimension.one}",
            f"what {{percentage|share}} of {{the |all |our |}}{SONGS} {{belongs to|is in|falls in}} each {dimension.one}",
        ]
    )
    sql = (
        f"SELECT {dimension.select}, 100.0 * COUNT(*) / (SELECT COUNT(*) FROM Track) AS Percent "
        f"{source} GROUP BY {dimension.group} ORDER BY Percent DESC, {dimension.name}"
    )
    return Pair(ctx.spin(clause), sql, f"Share of the total per {dimension.name}.", "track_share")


def track_scalar(ctx):
    """One measure over the matching tracks."""
    weights = [measure[4] for measure in MEASURES.values()]
    measure = ctx.pick(MEASURES, weights)
    noun, expression, name, _, _ = MEASURES[measure]
    found = track_filter(ctx) if ctx.chance(0.92) else None
    source, aliases = join("t", found.needs if found else ())
    after = found.after if found else ""
    if measure == "count":
        clause = ctx.pick(
            [
                f"how many {SONGS} {{are there|do we have|exist|are|}}",
                f"count {{the |all |}}{SONGS}",
                f"{ONE} the {{number of|total number of}} {SONGS}",
                f"{{number|count}} of {SONGS}",
            ]
        )
        if found and found.noun and ctx.chance(0.5):
            clause = f"how many {found.noun} {SONGS} {{are there|do we have|exist|does the store have}}"
            after = ""
        elif found and found.kind in ("artist", "album", "playlist") and ctx.chance(0.3):
            literal = found.after.split("} ", 1)[-1] if found.kind == "artist" else None
            if literal:
                clause = f"how many {SONGS} does " + literal + " have"
                after = ""
    else:
        noun = re.sub(r"\{track \|song \|\}", "", noun)
        clause = f"{ONE} the {noun} of {{all |the |}}{SONGS}"
        if found and found.noun and ctx.chance(0.45):
            clause = f"{ONE} the {noun} of {{all |the |a |}}{found.noun} {{tracks|songs|track}}"
            after = ""
    conditions = [found.where] if found else []
    sql = f"SELECT {expression} AS {name} {source}{where(conditions)}"
    why = f"{name} over the matching tracks."
    return Pair(ctx.spin(f"{clause} {after}"), simplify(sql, aliases), why, "track_scalar")


ROWS = [
    (f"{LIST} {{the |all |all the |}}{{{{tracks|songs}}|track names|names of {{the |all |}}{{tracks|songs}}}}", "t.Name", None),
    ("{which|what} {tracks|songs} are {there|available}", "t.Name", None),
    (f"{LIST} {{the |}}{{name|title}} and {{length|duration|milliseconds}} of {{the |all |}}{{tracks|songs}}", "t.Name, t.Milliseconds", None),
    (f"{LIST} {{the |}}{{name|title}} and {{unit |}}price of {{the |all |}}{{tracks|songs}}", "t.Name, t.UnitPrice", None),
    (f"{LIST} {{the |}}{{name|title}} and composer of {{the |all |}}{{tracks|songs}}", "t.Name, t.Composer", None),
    (f"{LIST} {{the |all |}}{{tracks|songs}} {{with|and}} their {{composer|composers}}", "t.Name, t.Composer", None),
    (f"{LIST} {{the |all |}}{{tracks|songs}} {{with|and}} their {{length|duration}}", "t.Name, t.Milliseconds", None),
    (f"{LIST} {{the |all |}}{{tracks|songs}} with {{their|the}} album {{title|name|titles}}", "t.Name, al.Title AS Album", "al"),
    (f"{LIST} {{the |all |}}{{tracks|songs}} {{with|and}} {{their|the}} {{genre|genres}}", "t.Name, g.Name AS Genre", "g"),
    (f"{LIST} {{the |all |}}{{tracks|songs}} {{with|and}} {{their|the}} {{artist|artist name|artists}}", "t.Name, ar.Name AS Artist", "ar"),
]


def track_rows(ctx):
    """The matching tracks."""
    found = [track_filter(ctx)]
    if ctx.chance(0.2):
        other = track_filter(ctx)
        if other.kind != found[0].kind and "playlist" not in (other.kind, found[0].kind):
            found.append(other)
    clause, columns, need = ctx.pick(ROWS, [8, 2, 1, 1, 1, 1, 1, 1, 1, 1])
    needs = {alias for item in found for alias in item.needs} | ({need} if need else set())
    source, aliases = join("t", needs)
    after = ctx.pick([" and ", " "]).join(item.after for item in found)
    if len(found) == 1 and found[0].noun and columns == "t.Name" and ctx.chance(0.4):
        clause, after = f"{LIST} {{all |the |}}{found[0].noun} {SONGS}", ""
    sql = f"SELECT {columns} {source}{where([item.where for item in found])} ORDER BY t.Name"
    question = ctx.spin(f"{clause} {after}")
    return Pair(question, simplify(sql, aliases), "Lists the matching tracks.", "track_rows")


EXTREMES = [
    ("t.Milliseconds", "{longest|lengthiest}", "DESC"),
    ("t.Milliseconds", "longest", "DESC"),
    ("t.Milliseconds", "shortest", "ASC"),
    ("t.UnitPrice", "{most expensive|priciest}", "DESC"),
    ("t.UnitPrice", "{cheapest|least expensive}", "ASC"),
    ("t.Bytes", "{largest|biggest}", "DESC"),
    ("t.Bytes", "smallest", "ASC"),
]


def track_extreme(ctx):
    """The longest, cheapest, largest tracks."""
    column, word, direction = ctx.pick(EXTREMES)
    count = 1 if ctx.chance(0.4) else ctx.count()
    n = ctx.number(count)
    found = track_filter(ctx) if ctx.chance(0.6) else None
    after = found.after if found else ""
    noun = ""
    if found and found.noun and ctx.chance(0.5):
        noun, after = found.noun + " ", ""
    if count == 1:
        clauses = [f"{ONE} the {word} {noun}{SONG}"]
        if not after:
            clauses += [
                f"{{which|what}} {noun}{SONG} is the {word}",
                f"{{which|what}} is the {word} {noun}{SONG}",
            ]
    else:
        clauses = [
            f"{LIST} the {n} {word} {noun}{SONGS}",
            f"{LIST} the {word} {n} {noun}{SONGS}",
            f"{{which|what}} are the {n} {word} {noun}{SONGS}",
            f"{LIST} the top {n} {word} {noun}{SONGS}",
        ]
    source, aliases = join("t", found.needs if found else ())
    condition = where([found.where] if found else [])
    sql = f"SELECT t.Name, {column} {source}{condition} ORDER BY {column} {direction}, t.Name LIMIT {count}"
    question = ctx.spin(f"{ctx.pick(clauses)} {after}")
    why = "Orders tracks and keeps the first rows."
    return Pair(question, simplify(sql, aliases), why, "track_extreme")


CATALOGUE = [
    (track_list, 4),
    (track_top, 6.5),
    (track_having, 3),
    (track_share, 0.6),
    (track_scalar, 8),
    (track_rows, 7),
    (track_extreme, 5),
]
