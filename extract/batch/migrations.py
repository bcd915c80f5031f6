"""How the run store looks, version by version. A released version is never edited."""

VERSION_1 = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    # A letter without a content has a reason: it cannot be read.
    """CREATE TABLE letters (
        position INTEGER PRIMARY KEY,
        id       TEXT NOT NULL UNIQUE,
        file     TEXT NOT NULL,
        key      TEXT,
        origin   TEXT NOT NULL,
        sha256   BLOB,
        reason   TEXT,
        message  TEXT
    )""",
    "CREATE INDEX letters_by_content ON letters (sha256, position)",
    """CREATE TABLE results (
        sha256     BLOB NOT NULL,
        digest     TEXT NOT NULL,
        pages      INTEGER,
        item_count INTEGER NOT NULL,
        body       BLOB NOT NULL,
        UNIQUE (sha256, digest)
    )""",
    """CREATE TABLE failures (
        sha256  BLOB NOT NULL,
        digest  TEXT NOT NULL,
        reason  TEXT NOT NULL,
        message TEXT NOT NULL,
        PRIMARY KEY (sha256, digest)
    ) WITHOUT ROWID""",
    # Tries that came to nothing, those that were made again included.
    """CREATE TABLE attempts (
        sha256 BLOB NOT NULL,
        digest TEXT NOT NULL,
        reason TEXT NOT NULL,
        at     REAL NOT NULL
    )""",
    # Paid replies, by the digest of the request that they answer.
    """CREATE TABLE replies (
        request       TEXT PRIMARY KEY,
        sha256        BLOB,
        body          BLOB NOT NULL,
        model         TEXT,
        input_tokens  INTEGER NOT NULL,
        output_tokens INTEGER NOT NULL,
        cost_usd      REAL,
        at            REAL NOT NULL
    ) WITHOUT ROWID""",
    """CREATE TABLE provider_batches (
        number        INTEGER PRIMARY KEY,
        digest        TEXT NOT NULL,
        input_file    TEXT,
        batch         TEXT UNIQUE,
        status        TEXT NOT NULL,
        requests      INTEGER NOT NULL,
        submitted_at  REAL NOT NULL,
        collected_at  REAL
    )""",
    """CREATE TABLE provider_requests (
        custom_id TEXT PRIMARY KEY,
        number    INTEGER NOT NULL,
        sha256    BLOB NOT NULL,
        request   TEXT NOT NULL,
        outcome   TEXT
    ) WITHOUT ROWID""",
)

MIGRATIONS = (VERSION_1,)
"""Entry n makes version n + 1 out of version n."""

VERSION = len(MIGRATIONS)
