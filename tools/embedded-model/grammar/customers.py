"""Customers: lists, counts and groups by where they live or who looks after them."""

from .core import EMPLOYEE_NAME, CUSTOMER_NAME, FULL_NAME, LIST, ONE, Pair, sql_text
from .filters import DEMONYMS, country_text
from .sales import DIMENSIONS

CUSTOMERS = "{customers|customers|clients|buyers}"
PLURALS = {"Country": "countries", "City": "cities", "State": "states", "Company": "companies"}
DOMAINS = "gmail.com yahoo.com hotmail.com example.org gmail yahoo hotmail outlook.com apple.com".split()
# words, column, optional
MISSING = [
    ("{with a company|who work for a company|who have a company|with a company name}", "Company IS NOT NULL"),
    ("{without a company|with no company|who have no company|that do not have a company|not attached to a company}", "Company IS NULL"),
    ("{without a fax|with no fax number|who have no fax|missing a fax number|without a fax number}", "Fax IS NULL"),
    ("{with a fax|who have a fax number|that have a fax}", "Fax IS NOT NULL"),
    ("{without a state|with no state|missing a state}", "State IS NULL"),
    ("{without a phone number|with no phone|missing a phone number}", "Phone IS NULL"),
]


def _country(ctx):
    country = ctx.literal("country")
    shape = ctx.pick(
        ["{from|in|living in|who live in|based in|located in}", "{whose|where the} country is"]
    )
    return f"{shape} {country_text(country)}", "Country = " + sql_text(country)


def _city(ctx):
    city = ctx.literal("city")
    words = "{from|in|living in|who live in|located in|based in} {the city of |}" + city
    return words, "City = " + sql_text(city)


def _state(ctx):
    state = ctx.literal("state")
    return "{from|in|living in} {the state|state|the state of} " + state, "State = " + sql_text(state)


def _company(ctx):
    company = ctx.literal("company")
    return "{who work for|working for|from|of} {the company |}" + company, "Company = " + sql_text(company)


def _missing(ctx):
    return ctx.pick(MISSING)


def _mail(ctx):
    domain = ctx.pick(DOMAINS)
    if ctx.chance(0.4):
        domain = ctx.literals.word(ctx.rng).lower().replace("'", "") + ctx.pick([".com", ".net", ""])
    words = ctx.pick(
        [
            f"{{with|using|who use|who have}} a {domain} {{email|address|email address|account}}",
            f"whose email {{contains|includes|ends with|is at}} {domain}",
        ]
    )
    pattern = f"%{domain}" if "." in domain else f"%{domain}%"
    return words, f"Email LIKE '{pattern}'"


def _initial(ctx):
    letters = ctx.pick(["ABCDEFGHIJKLMNOPRSTVW"[ctx.rng.randrange(21)], ctx.pick(["Ma", "Jo", "Sch", "Mc", "De", "Al", "St"])])
    column, words = ctx.pick([("FirstName", "first name"), ("LastName", "{last name|surname}")])
    return (
        f"whose {words} {{starts|begins}} with {{the letter |}}{letters}",
        f"{column} LIKE '{letters}%'",
    )


def _contains(ctx):
    part = ctx.pick(["son", "er", "ez", "man", "os", "in", "ar", "ll", "sch", "ko", "an", "ie"])
    quoted = ctx.pick(["%s", "'%s'", '"%s"']) % part
    column, words = ctx.pick([("FirstName", "first name"), ("LastName", "{last name|surname}")])
    return f"whose {words} {{contains|includes}} {quoted}", f"{column} LIKE '%{part}%'"


def _named(ctx):
    first, last = ctx.person("customer")
    if ctx.chance(0.5):
        return f"{{named|called|with the first name}} {first}", "FirstName = " + sql_text(first)
    return f"with {{the |}}{{last name|surname}} {last}", "LastName = " + sql_text(last)


def _two(ctx):
    first, second = ctx.literal("country"), ctx.literal("country")
    words = ctx.pick(["{from|in} %s {or|and} %s", "{from|in} either %s or %s"])
    return (
        words % (country_text(first), country_text(second)),
        f"Country IN ({sql_text(first)}, {sql_text(second)})",
    )


def _outside(ctx):
    country = ctx.literal("country")
    words = ctx.pick(
        ["{outside|not in|not from|outside of}", "who {do not|don't} live in", "{living|based} outside"]
    )
    return f"{words} {country_text(country)}", "Country <> " + sql_text(country)


CONDITIONS = [
    (_country, 5),
    (_city, 2.5),
    (_state, 1),
    (_company, 1),
    (_missing, 2),
    (_mail, 1),
    (_initial, 1),
    (_contains, 0.6),
    (_named, 1),
    (_two, 0.8),
    (_outside, 0.8),
]
# words with <S> for a plural ending, columns
COLUMNS = [
    ("{email|emails|email addresses|email address}", ", Email"),
    ("{city|cities}", ", City"),
    ("{country|countries}", ", Country"),
    ("{phone|phone numbers|phone number}", ", Phone"),
    ("{company|companies}", ", Company"),
    ("city and country", ", City, Country"),
    ("country and email", ", Country, Email"),
    ("{email and phone|email and phone number}", ", Email, Phone"),
    ("{address|addresses}", ", Address"),
]
WHO = (
    "{names of {the |all |}customers|customer names|full names of {the |all |}customers|customers|"
    "clients|the customers|all customers|all the customers}"
)


def condition(ctx):
    makers, weights = zip(*CONDITIONS)
    return ctx.pick(makers, weights)(ctx)


def counted(ctx):
    words, test = condition(ctx)
    clause = ctx.pick(
        [
            f"how many {CUSTOMERS} {{are there |do we have |are |}}{words}",
            f"count {{the |all |}}{CUSTOMERS} {words}",
            f"{ONE} the {{number of|total number of}} {CUSTOMERS} {words}",
            f"number of {CUSTOMERS} {words}",
        ]
    )
    sql = f"SELECT COUNT(*) AS Total FROM Customer WHERE {test}"
    return Pair(ctx.spin(clause), sql, "Counts the matching customers.", "customer_count")


def by_demonym(ctx):
    """'Brazilian customers'."""
    country = ctx.pick(DEMONYMS)
    word = DEMONYMS[country]
    test = "Country = " + sql_text(country)
    if ctx.chance(0.4):
        clause = f"how many {word} {CUSTOMERS} {{are there|do we have}}"
        sql = f"SELECT COUNT(*) AS Total FROM Customer WHERE {test}"
        return Pair(ctx.spin(clause), sql, "Counts the matching customers.", "customer_count")
    clause = f"{LIST} {{all |the |our |all our |}}{word} {CUSTOMERS}"
    sql = f"SELECT {FULL_NAME} AS Customer FROM Customer WHERE {test} ORDER BY Customer"
    return Pair(ctx.spin(clause), sql, "Lists the matching customers.", "customer_list")


def listed(ctx):
    words, test = condition(ctx)
    extra, noun = "", ""
    if ctx.chance(0.4):
        noun, extra = ctx.pick(COLUMNS)
        noun = "{with|and|together with} {their |the |}" + noun
    clauses = [f"{LIST} {WHO} {words} {noun}", f"{LIST} {WHO} {noun} {words}"]
    if not noun:
        clauses += [
            f"{{which|what}} {CUSTOMERS} {{are|do we have}} {words}",
            f"who are the {CUSTOMERS} {words}",
        ]
    sql = f"SELECT {FULL_NAME} AS Customer{extra} FROM Customer WHERE {test} ORDER BY Customer"
    return Pair(ctx.spin(ctx.pick(clauses)), sql, "Lists the matching customers.", "customer_list")


def of_agent(ctx):
    first, last = ctx.person("employee")
    name = f"{first} {last}"
    source = (
        "FROM Customer c JOIN Employee e ON c.SupportRepId = e.EmployeeId "
        f"WHERE e.FirstName = {sql_text(first)} AND e.LastName = {sql_text(last)}"
    )
    after = f"{{supported|served|looked after|handled}} by {name}"
    if ctx.chance(0.4):
        clause = ctx.pick(
            [
                f"how many {CUSTOMERS} {{does|did}} {name} {{support|serve|look after|have|handle}}",
                f"how many {CUSTOMERS} are {after}",
                f"{{count|number of}} {CUSTOMERS} {after}",
            ]
        )
        sql = "SELECT COUNT(*) AS Total " + source
        return Pair(ctx.spin(clause), sql, "Counts the customers of one agent.", "customer_agent_count")
    clause = ctx.pick(
        [
            f"{LIST} {{the |all |}}{CUSTOMERS} {after}",
            f"{{which|what}} {CUSTOMERS} {{does {name} {{support|serve|look after}}|are {after}}}",
        ]
    )
    sql = f"SELECT {CUSTOMER_NAME} AS Customer {source} ORDER BY Customer"
    return Pair(ctx.spin(clause), sql, "Lists the customers of one agent.", "customer_agent_list")


def per_agent(ctx):
    base = (
        f"SELECT {EMPLOYEE_NAME} AS Employee, COUNT(*) AS Customers FROM Customer c "
        "JOIN Employee e ON c.SupportRepId = e.EmployeeId GROUP BY e.EmployeeId"
    )
    one, many = DIMENSIONS["employee"].one, DIMENSIONS["employee"].many
    support = "{support|serve|have|look after|handle}"
    mode = ctx.pick(["list", "having", "best"], [2, 1, 1.5])
    if mode == "list":
        clauses = [
            f"how many customers {{does|did}} {{each|every}} {one} {support}",
            f"{LIST} {{the |}}{{number of customers|customer count}} {{per|for each|by|of each}} {one}",
            f"{LIST} {{the |}}{many} with {{their number of customers|the number of customers they support}}",
        ]
        sql = f"{base} ORDER BY Customers DESC, Employee"
        return Pair(ctx.spin(ctx.pick(clauses)), sql, "Customers per employee.", "agent_customers")
    if mode == "having":
        limit = ctx.threshold([5, 10, 15, 18, 20, 22]).split(".")[0]
        clauses = [
            f"which {many} {{support|serve|have}} {{more than|over}} {limit} customers",
            f"{LIST} {{the |}}{many} with {{more than|over}} {limit} customers",
        ]
        sql = f"{base} HAVING COUNT(*) > {limit} ORDER BY Customers DESC, Employee"
        return Pair(ctx.spin(ctx.pick(clauses)), sql, "Employees filtered by customers.", "agent_customers_having")
    most = ctx.chance(0.7)
    word = "most" if most else "fewest"
    clauses = [
        f"{{which|what}} {one} {{supports|serves|has|looks after|handles}} the {word} customers",
        f"{ONE} the {one} with the {word} customers",
        f"who {{supports|serves|has}} the {word} customers",
    ]
    sql = f"{base} ORDER BY Customers {'DESC' if most else 'ASC'}, Employee LIMIT 1"
    return Pair(ctx.spin(ctx.pick(clauses)), sql, "One employee by customers.", "agent_customers_best")


def distinct(ctx):
    """Distinct countries, cities, states or companies: listed or counted."""
    column = ctx.pick(PLURALS, [4, 2, 1, 1])
    many = PLURALS[column]
    test = f" WHERE {column} IS NOT NULL" if column in ("State", "Company") else ""
    if ctx.chance(0.5):
        clauses = [
            f"{LIST} {{the |all |all the |}}{{distinct|unique|different}} {many} "
            "{of|among|where we have} {our |the |}customers",
            f"{{which|what}} {many} {{do {{our |the |}}customers {{come from|live in}}|"
            f"are {{our |the |}}customers from|do we have customers in}}",
        ]
        sql = f"SELECT DISTINCT {column} FROM Customer{test} ORDER BY {column}"
        return Pair(ctx.spin(ctx.pick(clauses)), sql, f"Distinct {column} values.", "customer_distinct")
    clauses = [
        f"how many {{different|distinct|unique|}} {many} {{do {{our |the |}}customers "
        "{come from|live in}|are {our |the |}customers from|do we have customers in|have customers}",
        f"count {{the |}}{{distinct|unique|different}} {many} of {{our |the |}}customers",
        f"{ONE} the number of {{distinct|unique|different}} {{customer {many}|{many} of our customers}}",
    ]
    sql = f"SELECT COUNT(DISTINCT {column}) AS Total FROM Customer"
    return Pair(ctx.spin(ctx.pick(clauses)), sql, f"Counts distinct {column} values.", "customer_distinct_count")


def grouped(ctx):
    column = ctx.pick(["Country", "City", "State"], [5, 2, 1])
    one, many = column.lower(), PLURALS[column]
    test = " WHERE State IS NOT NULL" if column == "State" else ""
    base = f"SELECT {column}, COUNT(*) AS Customers FROM Customer{test} GROUP BY {column}"
    mode = ctx.pick(["list", "top", "having"], [3, 3, 2.5])
    if mode == "list":
        clauses = [
            f"how many {CUSTOMERS} {{are there|do we have|are|live}} {{in each|per|by|in every}} {one}",
            f"{LIST} {{the |}}{{number of customers|customer count|customers}} "
            f"{{per|by|in each|for each|from each}} {one}",
            f"count {{the |}}customers {{per|by|in each}} {one}",
            f"{{number of |}}customers {{per|by}} {one}",
        ]
        sql = f"{base} ORDER BY Customers DESC, {column}"
        return Pair(ctx.spin(ctx.pick(clauses)), sql, f"Customers per {column}.", "customer_group")
    if mode == "having":
        limit = ctx.pick([1, 1, 2, 2, 3, 4, 5, ctx.rng.randint(1, 40)])
        operator, words = ctx.pick(
            [(">", "{more than|over}"), (">=", "at least"), ("=", "{exactly|just|only}"), ("<", "{fewer than|less than}")],
            [4, 3, 2, 1],
        )
        noun = "customers" if limit > 1 else "{customers|customer}"
        n = ctx.number(limit)
        clauses = [
            f"{LIST} {{the |}}{many} {{with|that have}} {words} {n} {noun}",
            f"which {many} have {words} {n} {noun}",
            f"{{in |}}which {many} do we have {words} {n} {noun}",
        ]
        sql = f"{base} HAVING COUNT(*) {operator} {limit} ORDER BY Customers DESC, {column}"
        return Pair(ctx.spin(ctx.pick(clauses)), sql, f"{column} groups filtered by customers.", "customer_having")
    most = ctx.chance(0.8)
    count = 1 if ctx.chance(0.5) else ctx.count()
    n = ctx.number(count)
    word = "{most|largest number of|highest number of}" if most else "fewest"
    if count == 1:
        clauses = [
            f"{{which|what}} {one} {{has|have}} the {word} customers",
            f"{ONE} the {one} with the {word} customers",
        ]
        if most:
            clauses += [f"in which {one} do most {{of our |}}customers live", f"where do most {{of our |}}customers live by {one}"]
    else:
        clauses = [f"{LIST} the {n} {many} with the {word} customers", f"which {n} {many} have the {word} customers"]
        if most:
            clauses.append(f"{LIST} the top {n} {many} by {{number of customers|customer count}}")
    sql = f"{base} ORDER BY Customers {'DESC' if most else 'ASC'}, {column} LIMIT {count}"
    return Pair(ctx.spin(ctx.pick(clauses)), sql, f"{column} ranked by customers.", "customer_top")


CUSTOMER = [
    (counted, 3),
    (listed, 4),
    (by_demonym, 0.8),
    (of_agent, 1.5),
    (per_agent, 1.5),
    (distinct, 1.5),
    (grouped, 4),
]
