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
    # `flaw` names what the model path had to do without; `again`: to be done once more.
    """CREATE TABLE results (
        sha256     BLOB NOT NULL,
        digest     TEXT NOT NULL,
        pages      INTEGER,
        item_count INTEGER NOT NULL,
        flaw       TEXT,
        again      INTEGER NOT NULL DEFAULT 0,
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
    # Paid replies, by the digest of the request; one without a body was cut off.
    """CREATE TABLE replies (
        request   TEXT PRIMARY KEY,
        body      BLOB,
        attempts  TEXT NOT NULL,
        served_by TEXT,
        at        REAL NOT NULL
    ) WITHOUT ROWID""",
    # What replies cost, those included that were of no use or were asked for anew.
    """CREATE TABLE spent (
        request       TEXT NOT NULL,
        at            REAL NOT NULL,
        input_tokens  INTEGER NOT NULL,
        output_tokens INTEGER NOT NULL,
        by_batch      INTEGER NOT NULL,
        cost_usd      REAL,
        PRIMARY KEY (request, at)
    ) WITHOUT ROWID""",
    # Request files handed to a provider's batch endpoint, and what each request asks.
    """CREATE TABLE provider_batches (
        number       INTEGER PRIMARY KEY,
        digest       TEXT NOT NULL,
        input_file   TEXT,
        batch        TEXT UNIQUE,
        status       TEXT NOT NULL,
        requests     INTEGER NOT NULL,
        submitted_at REAL NOT NULL,
        collected_at REAL
    )""",
    """CREATE TABLE provider_requests (
        request TEXT PRIMARY KEY,
        number  INTEGER NOT NULL,
        outcome TEXT
    ) WITHOUT ROWID""",
)

# Of each request the tokens sent, and the most received: a reply may not tell what it took.
VERSION_2 = (
    "ALTER TABLE provider_requests ADD COLUMN sent INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE provider_requests ADD COLUMN longest INTEGER NOT NULL DEFAULT 0",
)

# Of each result and each reply a checksum: SQLite keeps none of its pages. Those that are
# there already go without.
VERSION_3 = (
    "ALTER TABLE results ADD COLUMN checksum INTEGER",
    "ALTER TABLE replies ADD COLUMN checksum INTEGER",
)

MIGRATIONS = (VERSION_1, VERSION_2, VERSION_3)
"""Entry n makes version n + 1 out of version n."""

VERSION = len(MIGRATIONS)
