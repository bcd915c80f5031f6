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


def _with_origins(sheet: str) -> str:
    """The settled sheet in the column `sheet`, its items with their origins.

    Version 1 told the second reviewer's items by keys from 100,000 on; an item that was
    added by hand behind one of them has such a key too, and no point that was decided.
    """
    key, number = (
        "json_extract(item.value, '$.key')",
        "CAST(substr(point.value, 2) AS INTEGER)",
    )
    return f"""json_set({sheet},
        '$.items', json((SELECT json_group_array(json_set(item.value, '$.origin', json(CASE
            WHEN {key} < 100000
            THEN json_object('reviewer', 'first', 'key', {key})
            WHEN EXISTS (SELECT 1 FROM json_each({sheet}, '$.decided') AS point
                WHERE point.value = 'i' || {key} || '.')
            THEN json_object('reviewer', 'second', 'key', {key} - 100000)
            ELSE 'null' END))) FROM json_each({sheet}, '$.items') AS item)),
        '$.decided', json((SELECT json_group_array(CASE
            WHEN {number} < 100000 THEN 'first.' || point.value
            ELSE 'second.i' || ({number} - 100000) || '.' END)
            FROM json_each({sheet}, '$.decided') AS point)))"""


VERSION_2 = (
    f"""UPDATE sheet SET content = {_with_origins("content")} WHERE desk = '=settled'""",
    f"""UPDATE edit SET before = {_with_origins("before")}, after = {_with_origins("after")}
    WHERE desk = '=settled' AND place = '{{}}'""",
)

MIGRATIONS = (VERSION_1, VERSION_2)
"""Entry n makes version n + 1 out of version n."""
