"""Conditions on sales and on the catalogue, each with the ways people ask for them."""

from .core import MONTHS, Filter, sql_text

YEAR = "strftime('%Y', i.InvoiceDate)"
MONTH = "strftime('%Y-%m', i.InvoiceDate)"
DEMONYMS = {
    "USA": "{American|US|U.S.}",
    "Canada": "Canadian",
    "Brazil": "Brazilian",
    "France": "French",
    "Germany": "German",
    "United Kingdom": "{British|UK}",
    "Portugal": "Portuguese",
    "India": "Indian",
    "Czech Republic": "Czech",
    "Sweden": "Swedish",
    "Spain": "Spanish",
    "Poland": "Polish",
    "Norway": "Norwegian",
    "Netherlands": "Dutch",
    "Italy": "Italian",
    "Ireland": "Irish",
    "Hungary": "Hungarian",
    "Finland": "Finnish",
    "Denmark": "Danish",
    "Chile": "Chilean",
    "Belgium": "Belgian",
    "Austria": "Austrian",
    "Australia": "Australian",
    "Argentina": "{Argentinian|Argentine}",
    "Japan": "Japanese",
    "Mexico": "Mexican",
    "Switzerland": "Swiss",
    "Greece": "Greek",
    "Turkey": "Turkish",
}
COUNTRY_NAMES = {
    "USA": "{USA|the USA|USA|the US|the United States}",
    "United Kingdom": "{United Kingdom|the United Kingdom|the UK}",
    "Netherlands": "{Netherlands|the Netherlands}",
    "Czech Republic": "{Czech Republic|the Czech Republic}",
}


def country_text(country):
    """How the question may write a country."""
    return COUNTRY_NAMES.get(country, country)


def genre_text(ctx, genre):
    """How the question may write a genre: sometimes without capitals."""
    if genre in ctx.literals.real["genre"] and ctx.chance(0.3):
        return genre.lower()
    return genre


def by_year(ctx):
    year = ctx.year()
    return Filter(
        "{in|in|in|during|for|for the year|over|in the year|in calendar year} %d" % year,
        f"{YEAR} = '{year}'",
        ("i",),
        "year",
        "{in|for|during} %d," % year,
    )


def by_country(ctx):
    country = ctx.literal("country")
    text = country_text(country)
    return Filter(
        "{in|in|from|for|billed to|billed in} " + text,
        "i.BillingCountry = " + sql_text(country),
        ("i",),
        "country",
        "{in|for} " + text + ",",
    )


def by_countries(ctx):
    first, second = ctx.literal("country"), ctx.literal("country")
    text = f"{country_text(first)} {{and|or}} {country_text(second)}"
    return Filter(
        "{in|from|for} " + text,
        f"i.BillingCountry IN ({sql_text(first)}, {sql_text(second)})",
        ("i",),
        "country",
        "{in|for} " + text + ",",
    )


def outside_country(ctx):
    country = ctx.literal("country")
    return Filter(
        "{outside|outside of|excluding|except|not counting} " + country_text(country),
        "i.BillingCountry <> " + sql_text(country),
        ("i",),
        "country",
    )


def by_city(ctx):
    city = ctx.literal("city")
    return Filter(
        "{in|from|for} {the city of |}" + city,
        "i.BillingCity = " + sql_text(city),
        ("i",),
        "city",
        "for {the city of |}" + city + ",",
    )


def by_genre(ctx):
    genre = ctx.literal("genre")
    text = genre_text(ctx, genre)
    after = ctx.pick(
        [
            "{for|from|within|on|of} {the |}" + text + " {genre|tracks|songs|music}",
            "{in|within} the " + text + " genre",
            "{in|for} {the |}genre " + ctx.quoted(genre),
        ]
    )
    return Filter(
        after,
        "g.Name = " + sql_text(genre),
        ("g",),
        "genre",
        "{for|within} the " + text + " genre,",
        text,
    )


def by_artist(ctx):
    artist = ctx.literal("artist")
    return Filter(
        "{for|by|from|of} {the artist |the band |}" + ctx.quoted(artist),
        "ar.Name = " + sql_text(artist),
        ("ar",),
        "artist",
        "for {the artist |}" + artist + ",",
    )


def by_album(ctx):
    album = ctx.literal("album")
    return Filter(
        "{for|from|of|on} {the album|album|the record} " + ctx.quoted(album),
        "al.Title = " + sql_text(album),
        ("al",),
        "album",
    )


def by_media_type(ctx):
    media = ctx.literal("media_type")
    return Filter(
        "{for|with|in} {the |}{media type|format} " + ctx.quoted(media),
        "mt.Name = " + sql_text(media),
        ("mt",),
        "mt",
        "for {the |}media type " + media + ",",
    )


def by_agent(ctx):
    first, last = ctx.person("employee")
    handled = "{supported|served|handled|looked after|represented}"
    return Filter(
        f"{{for|from}} customers {handled} by {first} {last}",
        f"e.FirstName = {sql_text(first)} AND e.LastName = {sql_text(last)}",
        ("e",),
        "emp",
        f"for customers {{of|supported by}} {first} {last},",
    )


def by_customer(ctx):
    first, last = ctx.person("customer")
    return Filter(
        f"{{for|by|from|of}} {{customer |the customer |}}{first} {last}",
        f"c.FirstName = {sql_text(first)} AND c.LastName = {sql_text(last)}",
        ("c",),
        "customer",
        f"for {{customer |}}{first} {last},",
    )


def last_months(ctx):
    if ctx.chance(0.15):
        months, text = ctx.pick([(12, "year"), (24, "two years"), (24, "2 years")])
    else:
        months = ctx.pick([1, 2, 3, 3, 6, 6, 9, 12, 18, 24, ctx.rng.randint(2, 48)])
        text = "month" if months == 1 else ctx.number(months) + " months"
    return Filter(
        "{in|over|for|during|within} the {last|past|most recent|latest} " + text,
        f"i.InvoiceDate >= date((SELECT MAX(InvoiceDate) FROM Invoice), '-{months} months')",
        ("i",),
        "lastm",
        "{in|over} the {last|past} " + text + ",",
    )


def by_month(ctx):
    year, month = ctx.year(), ctx.rng.randint(1, 12)
    name = MONTHS[month - 1]
    after = ctx.pick(
        [
            f"{{in|during|for}} {name} {year}",
            f"{{in|for}} {year}-{month:02d}",
            f"{{in|for}} {name} of {year}",
        ]
    )
    return Filter(
        after,
        f"{MONTH} = '{year}-{month:02d}'",
        ("i",),
        "ym",
        f"{{in|for}} {name} {year},",
    )


def by_quarter(ctx):
    year, quarter = ctx.year(), ctx.rng.randint(1, 4)
    first, last = quarter * 3 - 2, quarter * 3
    names = ["first", "second", "third", "fourth"]
    after = ctx.pick(
        [
            f"{{in|during|for}} Q{quarter} {year}",
            f"{{in|during|for}} the {names[quarter - 1]} quarter of {year}",
        ]
    )
    between = f"{MONTH} BETWEEN '{year}-{first:02d}' AND '{year}-{last:02d}'"
    return Filter(after, between, ("i",), "ym", f"{{in|for}} Q{quarter} {year},")


def year_range(ctx):
    first = ctx.year()
    last = first + ctx.pick([1, 1, 2, 2, 3, 4, 5])
    shape = ctx.pick(["between %d and %d", "from %d to %d", "from %d through %d"])
    return Filter(
        shape % (first, last),
        f"{YEAR} BETWEEN '{first}' AND '{last}'",
        ("i",),
        "range",
        "between %d and %d," % (first, last),
    )


def open_range(ctx):
    year = ctx.year()
    word, operator = ctx.pick(
        [("since", ">="), ("before", "<"), ("after", ">"), ("from {w} on".format(w="%d"), ">=")]
    )
    after = word % year if "%d" in word else f"{word} {year}"
    return Filter(after, f"{YEAR} {operator} '{year}'", ("i",), "since", after + ",")


def date_bound(ctx):
    """Before or after one day, or between two."""
    year, month, day = ctx.year(), ctx.rng.randint(1, 12), ctx.rng.randint(1, 28)
    iso = f"{year}-{month:02d}-{day:02d}"
    text = ctx.pick([iso, iso, f"{MONTHS[month - 1]} {day}, {year}", f"{day} {MONTHS[month - 1]} {year}"])
    word, operator = ctx.pick([("before", "<"), ("after", ">"), ("since", ">="), ("on", "=")])
    return Filter(
        f"{word} {text}", f"date(i.InvoiceDate) {operator} '{iso}'", ("i",), "since"
    )


SALES_FILTERS = {
    "year": (by_year, 5),
    "country": (by_country, 3),
    "countries": (by_countries, 0.6),
    "outside": (outside_country, 0.5),
    "genre": (by_genre, 3),
    "lastm": (last_months, 2),
    "ym": (by_month, 1.5),
    "quarter": (by_quarter, 0.8),
    "artist": (by_artist, 2),
    "album": (by_album, 0.8),
    "mt": (by_media_type, 1),
    "range": (year_range, 1.2),
    "since": (open_range, 1),
    "date": (date_bound, 0.6),
    "emp": (by_agent, 0.8),
    "customer": (by_customer, 0.8),
    "city": (by_city, 0.8),
}
# kinds that make no sense beside a dimension
CLASHES = {
    "country": {"country", "city"},
    "city": {"country", "city"},
    "genre": {"genre"},
    "artist": {"artist", "album"},
    "album": {"artist", "album"},
    "track": {"track"},
    "mt": {"mt"},
    "customer": {"customer"},
    "employee": {"emp"},
    "year": {"year", "ym", "range", "since", "lastm"},
    "month": {"ym"},
}
TIME = {"year", "ym", "range", "since", "lastm"}
PLACE = {"country", "city"}


def sales_filter(ctx, dimension=None, names=None):
    """A condition on invoice lines that does not clash with the dimension."""
    names = names or list(SALES_FILTERS)
    while True:
        name = ctx.pick(names, [SALES_FILTERS[name][1] for name in names])
        found = SALES_FILTERS[name][0](ctx)
        if found.kind not in CLASHES.get(dimension, ()):
            return found


def sales_filters(ctx, dimension, weights):
    """None, one or two compatible conditions with the given weights."""
    count = ctx.pick([0, 1, 2], weights)
    if not count:
        return []
    found = [sales_filter(ctx, dimension)]
    if count == 2:
        other = sales_filter(ctx, dimension)
        kinds = {found[0].kind, other.kind}
        if len(kinds) == 2 and not kinds <= TIME and not kinds <= PLACE:
            found.append(other)
    return found


def attach(ctx, clause, filters):
    """The question clause with its conditions, now and then in front."""
    if len(filters) == 1 and filters[0].before and ctx.chance(0.18):
        return filters[0].before + " " + clause
    return " ".join([clause] + [item.after for item in filters])
