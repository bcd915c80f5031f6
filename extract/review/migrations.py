"""How the store of a review looks, version by version. A released version is never edited."""

VERSION_1 = (
    """CREATE TABLE letter (
        id TEXT PRIMARY KEY, sha256 TEXT NOT NULL, path TEXT, contents BLOB, text BLOB,
        page_starts TEXT, extraction TEXT NOT NULL, layout TEXT NOT NULL, worst REAL,
        doubts INTEGER NOT NULL, items INTEGER NOT NULL
    )""",
    "CREATE INDEX letter_worst ON letter (worst, id)",
    "CREATE TABLE doubt (letter TEXT NOT NULL REFERENCES letter, field TEXT NOT NULL)",
    "CREATE INDEX doubt_field ON doubt (field, letter)",
    "CREATE INDEX doubt_letter ON doubt (letter)",
    "CREATE TABLE warning (letter TEXT NOT NULL REFERENCES letter, code TEXT NOT NULL)",
    "CREATE INDEX warning_code ON warning (code, letter)",
    """CREATE TABLE failure (
        name TEXT PRIMARY KEY, reason TEXT NOT NULL, message TEXT NOT NULL
    )""",
    """CREATE TABLE sheet (
        letter TEXT NOT NULL REFERENCES letter, desk TEXT NOT NULL, version INTEGER NOT NULL,
        content TEXT NOT NULL, PRIMARY KEY (letter, desk)
    )""",
    """CREATE TABLE edit (
        id INTEGER PRIMARY KEY, letter TEXT NOT NULL, desk TEXT NOT NULL,
        version INTEGER NOT NULL, at TEXT NOT NULL, by TEXT NOT NULL, action TEXT NOT NULL,
        place TEXT NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL,
        undoes INTEGER REFERENCES edit, UNIQUE (letter, desk, version)
    )""",
    """CREATE TABLE saved (
        id INTEGER PRIMARY KEY, letter TEXT NOT NULL, desk TEXT NOT NULL,
        version INTEGER NOT NULL, at TEXT NOT NULL, by TEXT NOT NULL,
        label TEXT NOT NULL, changes TEXT NOT NULL
    )""",
    "CREATE INDEX saved_letter ON saved (letter, desk)",
)

MIGRATIONS = (VERSION_1,)
"""Entry n makes version n + 1 out of version n."""
