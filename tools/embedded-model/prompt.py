"""The prompt the model is trained with: system block, ChatML, answer and repair turns.

The agent renders the same text; `python3 prompt.py FILE` writes the system text for its tests.
"""

import argparse
import json

SCHEMA = [
    ("Album", "AlbumId:integer[pk], Title:nvarchar, ArtistId:integer[fk→Artist.ArtistId]"),
    ("Artist", "ArtistId:integer[pk], Name:nvarchar"),
    (
        "Customer",
        "CustomerId:integer[pk], FirstName:nvarchar, LastName:nvarchar, Company:nvarchar, "
        "Address:nvarchar, City:nvarchar, State:nvarchar, Country:nvarchar, PostalCode:nvarchar, "
        "Phone:nvarchar, Fax:nvarchar, Email:nvarchar, "
        "SupportRepId:integer[fk→Employee.EmployeeId]",
    ),
    (
        "Employee",
        "EmployeeId:integer[pk], LastName:nvarchar, FirstName:nvarchar, Title:nvarchar, "
        "ReportsTo:integer[fk→Employee.EmployeeId], BirthDate:datetime, HireDate:datetime, "
        "Address:nvarchar, City:nvarchar, State:nvarchar, Country:nvarchar, PostalCode:nvarchar, "
        "Phone:nvarchar, Fax:nvarchar, Email:nvarchar",
    ),
    ("Genre", "GenreId:integer[pk], Name:nvarchar"),
    (
        "Invoice",
        "InvoiceId:integer[pk], CustomerId:integer[fk→Customer.CustomerId], "
        "InvoiceDate:datetime, BillingAddress:nvarchar, BillingCity:nvarchar, "
        "BillingState:nvarchar, BillingCountry:nvarchar, BillingPostalCode:nvarchar, "
        "Total:numeric",
    ),
    (
        "InvoiceLine",
        "InvoiceLineId:integer[pk], InvoiceId:integer[fk→Invoice.InvoiceId], "
        "TrackId:integer[fk→Track.TrackId], UnitPrice:numeric, Quantity:integer",
    ),
    ("MediaType", "MediaTypeId:integer[pk], Name:nvarchar"),
    ("Playlist", "PlaylistId:integer[pk], Name:nvarchar"),
    (
        "PlaylistTrack",
        "PlaylistId:integer[pk][fk→Playlist.PlaylistId], TrackId:integer[pk][fk→Track.TrackId]",
    ),
    (
        "Track",
        "TrackId:integer[pk], Name:nvarchar, AlbumId:integer[fk→Album.AlbumId], "
        "MediaTypeId:integer[fk→MediaType.MediaTypeId], GenreId:integer[fk→Genre.GenreId], "
        "Composer:nvarchar, Milliseconds:integer, Bytes:integer, UnitPrice:numeric",
    ),
]
TABLES = [name for name, _ in SCHEMA]

SYSTEM = """You are an expert SQLite analyst for a digital music store.
Answer the user's question with exactly one SELECT statement.
Reply with one JSON object with the keys "sql" and "rationale" and nothing else.
Rules:
- Use only the tables and columns of the schema below.
- When joining, use the aliases ar, al, t, g, mt, p, pt, i, il, c and e.
- Revenue is SUM(il.UnitPrice * il.Quantity).
- A person's full name is FirstName || ' ' || LastName.
- Return the name first and the measure second.
- Sort rankings by the measure, then by name; use LIMIT only when a number of rows or one best row is asked for.
- Dates are text like 'YYYY-MM-DD HH:MM:SS'; use strftime and date.
- The last N months count back from the latest InvoiceDate.
- ReportsTo is the manager; SupportRepId is the sales representative.
- Never modify data. Keep the rationale to one short sentence.
Schema:
"""

REPAIR = "Your query failed: %s\nReturn a corrected query in the same JSON format."
ASSISTANT = "<|im_start|>assistant\n"


def system(tables=None):
    """The system text with all tables, or only with the given ones."""
    lines = [f"{name}({columns})" for name, columns in SCHEMA if tables is None or name in tables]
    return SYSTEM + "\n".join(lines)


def turn(role, text):
    """One ChatML turn."""
    return f"<|im_start|>{role}\n{text}<|im_end|>\n"


def answer(sql, rationale):
    """The assistant's JSON text."""
    return json.dumps({"sql": sql, "rationale": rationale}, ensure_ascii=False)


def repair(error):
    """The user turn that asks for a corrected query."""
    return REPAIR % error


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", help="where to write the full system text")
    options = parser.parse_args()
    with open(options.file, "w", encoding="utf-8", newline="") as file:
        file.write(system())


if __name__ == "__main__":
    main()
