"""Literals for questions: values of the database mixed with a large pool of invented ones.

Invented values cannot be memorised, so the model has to copy them from the question.
"""

import random
import sqlite3

ONSETS = (
    "b br c ch cl d dr f fl g gr h j k kl l m n p pr qu r s sh sl sn st t tr v w y z th sk sp"
).split() + [""]
VOWELS = "a e i o u a e i o u ai ea ee ia io oo ou au y".split()
CODAS = ["", "", "", *"n r s l t k m nd st ck x ng rd th rt lm ff".split()]
ACCENTS = "áéíóúñçöüäåøãêèàâôß"
SMALL_WORDS = "of the in and on for to with from a my at under".split()
OPENERS = ["Don't", "I'm", "It's", "Can't", "Rock 'n'", "You're", "Ain't", "She's", "The King's"]
WORDS = (
    "Love Night Fire River Moon Heart Road Rain Summer Ghost Dream Light Home City Star Blood Wind "
    "Angel Stone Dance Time Sky Dust Winter Train Gold Sun Devil Sea Song Black White Blue Red "
    "Green Wild Lost Broken Silver Golden Little Big Old New Last First Best Greatest Hits Live "
    "Unplugged World Life Death Man Woman Baby Boy Girl King Queen Soul Mind Eyes Hand Street "
    "House Door Window Garden Mountain Ocean Island Desert Forest Storm Thunder Lightning Shadow "
    "Mirror Paper Glass Iron Steel Machine Radio Television Telephone Letter Story Book Page Line "
    "Circle Square Seven Nine Hundred Thousand Forever Never Always Again Tonight Tomorrow Yesterday "
    "Morning Evening Midnight Sunday Monday Friday January June December Paris London Tokyo Rome "
    "Berlin Texas Africa America Heaven Hell Paradise Kingdom Empire War Peace Freedom Revolution"
).split()
FIRST_NAMES = (
    "Anna Ben Carla David Elena Felix Grace Hugo Irene Jonas Karin Leo Maria Nils Olga Pedro "
    "Rosa Simon Teresa Urs Vera Walter Xenia Yuki Zoe Ahmed Bjorn Chloe Dmitri Esther François "
    "Gianni Heidi Ivan José João Kofi Lars Mei Niamh Oscar Priya Quentin Ravi Søren Tamara Émile"
).split()
LAST_NAMES = (
    "Andersen Baker Castro Duarte Evans Fischer Gomez Hansson Ito Jensen Klein Lopez Meyer Nguyen "
    "Ortiz Park Quinn Rossi Smith Tanaka Ueda Vogel Weber Xu Young Zhang O'Brien O'Neill D'Angelo "
    "García Gonçalves Müller Björk Hernández Núñez Smith-Jones Lévy van_der_Berg de_Souza Mc_Donald"
).replace("Mc_", "Mc").split()
COUNTRIES = (
    "Japan,Mexico,Switzerland,Greece,Turkey,China,South Korea,Vietnam,Thailand,Indonesia,Kenya,"
    "Nigeria,Ghana,Egypt,Morocco,South Africa,Peru,Colombia,Venezuela,Uruguay,Bolivia,Cuba,Iceland,"
    "Estonia,Latvia,Lithuania,Ukraine,Romania,Bulgaria,Serbia,Croatia,Slovenia,Slovakia,Israel,"
    "Saudi Arabia,New Zealand,Singapore,Malaysia,Philippines,Pakistan,Sri Lanka,Luxembourg,Malta,"
    "Costa Rica,Panama,Jamaica,Russia,Georgia,Côte d'Ivoire,Brazil,Canada,Germany,France,USA,"
    "United Kingdom,Portugal,India,Czech Republic,Sweden,Spain,Poland,Norway,Netherlands,Italy,"
    "Ireland,Hungary,Finland,Denmark,Chile,Belgium,Austria,Australia,Argentina"
).split(",")
CITIES = (
    "Tokyo,Zurich,Dallas,Milan,Munich,Ottawa,Manchester,Osaka,Mexico City,Lagos,Nairobi,Cairo,Lima,"
    "Bogotá,Athens,Istanbul,Seoul,Beijing,Shanghai,Bangkok,Hanoi,Jakarta,Kyiv,Bucharest,Sofia,"
    "Belgrade,Zagreb,Tel Aviv,Auckland,Cape Town,Geneva,Lyon,Marseille,Hamburg,Cologne,Leipzig,"
    "Porto,Valencia,Seville,Naples,Turin,Leeds,Glasgow,Cardiff,Denver,Houston,Phoenix,Atlanta,"
    "San Diego,Las Vegas,Salt Lake City,São Paulo,Curitiba,Córdoba,Málaga,St. Louis,Prague,Paris,"
    "London,Berlin,Toronto,Montréal,Vancouver,Chicago,New York,Boston,Madrid,Lisbon,Oslo,Stockholm"
).split(",")
FAMOUS = {
    "artist": (
        "AC/DC,Iron Maiden,Led Zeppelin,U2,Metallica,Queen,Deep Purple,Pearl Jam,Foo Fighters,"
        "Miles Davis,Amy Winehouse,Pink Floyd,The Beatles,R.E.M.,Red Hot Chili Peppers,"
        "Guns N' Roses,Ozzy Osbourne,Green Day,Lenny Kravitz,Nirvana,Radiohead,Daft Punk,"
        "Bob Marley,Frank Sinatra,Jimi Hendrix,Eric Clapton,The Rolling Stones,Black Sabbath"
    ).split(","),
    "album": (
        "Back in Black,Let There Be Rock,Facelift,Greatest Hits,Nevermind,The Wall,Abbey Road,"
        "Black Album,Unplugged,Thriller,Ten,Appetite for Destruction,Big Ones,Jagged Little Pill"
    ).split(","),
    "track": (
        "Balls to the Wall,Black Dog,One,Enter Sandman,Angie,Imagine,Bohemian Rhapsody,Wonderwall,"
        "Creep,Smoke on the Water,Fast As a Shark,Princess of the Dawn,Walk On,Overdose"
    ).split(","),
    "composer": "Angus Young,James Hetfield,Steve Harris,Jimmy Page,Bono,Mozart,Bach".split(","),
}
TITLES = (
    "General Manager,Sales Manager,Sales Support Agent,IT Manager,IT Staff,Accountant,"
    "Marketing Director,Warehouse Clerk,Store Manager,Data Analyst,Intern"
).split(",")
REAL_SHARE = {
    "artist": 0.45,
    "album": 0.45,
    "track": 0.4,
    "genre": 0.7,
    "media_type": 0.7,
    "playlist": 0.65,
    "country": 0.6,
    "city": 0.5,
    "state": 0.55,
    "company": 0.45,
    "composer": 0.45,
    "customer": 0.5,
    "employee": 0.6,
    "title": 0.75,
}
QUERIES = {
    "artist": "SELECT Name FROM Artist",
    "album": "SELECT Title FROM Album",
    "track": "SELECT DISTINCT Name FROM Track",
    "genre": "SELECT Name FROM Genre",
    "media_type": "SELECT Name FROM MediaType",
    "playlist": "SELECT DISTINCT Name FROM Playlist",
    "country": "SELECT DISTINCT Country FROM Customer",
    "city": "SELECT DISTINCT City FROM Customer",
    "state": "SELECT DISTINCT State FROM Customer WHERE State IS NOT NULL",
    "company": "SELECT DISTINCT Company FROM Customer WHERE Company IS NOT NULL",
    "composer": "SELECT DISTINCT Composer FROM Track WHERE Composer IS NOT NULL",
    "title": "SELECT DISTINCT Title FROM Employee",
}
PEOPLE = {
    "customer": "SELECT FirstName, LastName FROM Customer",
    "employee": "SELECT FirstName, LastName FROM Employee",
}


class Literals:
    """Draws literal values of a kind, from the database or invented."""

    def __init__(self, database):
        connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
        self.real = {kind: self._column(connection, sql) for kind, sql in QUERIES.items()}
        self.people = {kind: connection.execute(sql).fetchall() for kind, sql in PEOPLE.items()}
        self.years = self._years(connection, "Invoice", "InvoiceDate")
        self.hire_years = self._years(connection, "Employee", "HireDate")
        self.birth_years = self._years(connection, "Employee", "BirthDate")
        self.words = WORDS + self._words()
        connection.close()

    @staticmethod
    def _column(connection, sql):
        return [str(row[0]) for row in connection.execute(sql)]

    @staticmethod
    def _years(connection, table, column):
        sql = f"SELECT MIN(strftime('%Y', {column})), MAX(strftime('%Y', {column})) FROM {table}"
        first, last = connection.execute(sql).fetchone()
        return int(first), int(last)

    def _words(self):
        words = set()
        for kind in ("artist", "album", "track", "playlist", "composer"):
            for value in self.real[kind]:
                words.update(word for word in value.split() if word.isalpha() and len(word) > 2)
        return sorted(word for word in words if word[0].isupper())

    def draw(self, kind, rng):
        """One value of the kind."""
        if rng.random() < REAL_SHARE[kind]:
            return rng.choice(self.real[kind])
        if kind in FAMOUS and rng.random() < 0.15:
            return rng.choice(FAMOUS[kind])
        return getattr(self, "_" + kind, self._title)(rng)

    def person(self, kind, rng):
        """(first name, last name) of a customer or an employee."""
        if rng.random() < REAL_SHARE[kind]:
            return rng.choice(self.people[kind])
        first = rng.choice(FIRST_NAMES) if rng.random() < 0.3 else invent_name(rng)
        last = rng.choice(LAST_NAMES) if rng.random() < 0.3 else invent_name(rng)
        if rng.random() < 0.2:
            first = rng.choice(self.people[kind])[0]
        return first, last.replace("_", " ")

    def year(self, rng):
        """A year, mostly one with invoices."""
        first, last = self.years
        if rng.random() < 0.7:
            return rng.randint(first, last)
        return rng.randint(first - 15, last + 10)

    def prefix_year(self, bounds, rng):
        """A year near the given bounds (hire or birth dates)."""
        return rng.randint(bounds[0] - 2, bounds[1] + 2)

    def word(self, rng):
        """A word for a LIKE pattern."""
        return rng.choice(self.words) if rng.random() < 0.6 else invent_word(rng).capitalize()

    def _title(self, rng):
        return invent_title(rng, self.words)

    _artist = _album = _track = _genre = _playlist = _media_type = _title

    def _country(self, rng):
        return rng.choice(COUNTRIES) if rng.random() < 0.5 else self._place(rng)

    def _city(self, rng):
        return rng.choice(CITIES) if rng.random() < 0.5 else self._place(rng)

    def _state(self, rng):
        if rng.random() < 0.6:
            return "".join(rng.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ") for _ in range(2))
        return self._place(rng)

    def _company(self, rng):
        ending = rng.choice(["Inc.", "Ltd", "GmbH", "S.A.", "AG", "Corp.", "& Sons", "LLC"])
        return f"{self._place(rng)} {ending}"

    def _composer(self, rng):
        name = f"{invent_name(rng)} {invent_name(rng)}"
        if rng.random() < 0.25:
            name += rng.choice([" & ", ", ", "/"]) + f"{invent_name(rng)} {invent_name(rng)}"
        return name

    def _place(self, rng):
        name = invent_name(rng)
        if rng.random() < 0.3:
            name = rng.choice(["New", "San", "North", "South", "St.", "Port", "Los"]) + " " + name
        return name

    def _title_job(self, rng):
        return rng.choice(TITLES)


def invent_word(rng):
    """A pronounceable lower-case word."""
    syllables = rng.choice([1, 2, 2, 2, 3])
    body = "".join(rng.choice(ONSETS) + rng.choice(VOWELS) for _ in range(syllables))
    return body + rng.choice(CODAS)


def invent_name(rng):
    """A capitalised word, now and then with an accent, an apostrophe or a hyphen."""
    name = invent_word(rng)
    while len(name) < 3:
        name += invent_word(rng)
    if rng.random() < 0.08:
        at = rng.randrange(len(name))
        name = name[:at] + rng.choice(ACCENTS) + name[at + 1 :]
    name = name[0].upper() + name[1:]
    if rng.random() < 0.04:
        name = rng.choice(["O'", "D'", "L'"]) + name
    if rng.random() < 0.04:
        name += "-" + invent_word(rng).capitalize()
    return name


def invent_title(rng, words):
    """A title of one to five words, sometimes oddly written."""
    count = rng.choice([1, 1, 2, 2, 2, 3, 3, 4])
    parts = [
        rng.choice(words) if rng.random() < 0.5 else invent_name(rng) for _ in range(count)
    ]
    if count > 1 and rng.random() < 0.3:
        parts.insert(rng.randrange(1, count), rng.choice(SMALL_WORDS))
    if rng.random() < 0.15:
        parts.insert(0, "The")
    if rng.random() < 0.05:
        parts.insert(0, rng.choice(OPENERS))
    if rng.random() < 0.06:
        parts.append(str(rng.randint(1, 2030)))
    if rng.random() < 0.05:
        parts.append(f"({invent_name(rng)})")
    if len(parts) > 1 and rng.random() < 0.05:
        parts.insert(len(parts) - 1, rng.choice(["&", "/", "-", "vs."]))
    if rng.random() < 0.04:
        parts[0] += rng.choice([",", ":", "!"])
    title = " ".join(parts)
    shape = rng.random()
    if shape < 0.05:
        return title.lower()
    return title.upper() if shape < 0.08 else title


def seeded(seed):
    """The random source of a seed."""
    return random.Random(seed)
