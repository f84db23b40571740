-- The first form of a node's store.
-- Times are microseconds since 1970-01-01T00:00:00Z; UUIDs that are keys are 16 bytes.
-- Only INTEGER, TEXT and BLOB, and no feature another engine lacks.

-- What was fixed when the node was made; one row. epoch counts restores from a backup.
CREATE TABLE node (
    only_row INTEGER NOT NULL PRIMARY KEY CHECK (only_row = 1),
    id TEXT NOT NULL,
    party TEXT NOT NULL,
    mode TEXT NOT NULL,
    kind TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    epoch INTEGER NOT NULL CHECK (epoch >= 0)
);

-- The ledger. Rows are appended; only a payload may ever go, and its salt with it: without
-- the salt the leaf, which stays, tells nothing even to whoever guesses the payload.
CREATE TABLE ledger_entry (
    number INTEGER NOT NULL PRIMARY KEY CHECK (number >= 0),
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    leaf BLOB NOT NULL
);
CREATE INDEX ledger_entry_about ON ledger_entry (subject, subject_id, number);

CREATE TABLE ledger_payload (
    number INTEGER NOT NULL PRIMARY KEY REFERENCES ledger_entry (number),
    salt BLOB NOT NULL,
    bytes BLOB NOT NULL
);

-- Hashes of perfect subtrees from level 1 up; level 0 is ledger_entry.leaf.
CREATE TABLE ledger_node (
    level INTEGER NOT NULL CHECK (level >= 1),
    place INTEGER NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (level, place)
) WITHOUT ROWID;

CREATE TABLE ledger_head (
    size INTEGER NOT NULL PRIMARY KEY,
    root BLOB NOT NULL,
    at INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    key_id TEXT NOT NULL,
    signature BLOB NOT NULL
);

-- Every committed change, in the order of commitment.
CREATE TABLE change (
    sequence INTEGER NOT NULL PRIMARY KEY,
    subject TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    action TEXT NOT NULL,
    at INTEGER NOT NULL
);

-- The current version of each operation; its content is the payload of its entry.
-- starts and ends include the tolerance; searchable is case-folded.
CREATE TABLE operation (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE,
    party TEXT NOT NULL,
    designator TEXT NOT NULL,
    class TEXT NOT NULL,
    state TEXT NOT NULL,
    live INTEGER NOT NULL CHECK (live IN (0, 1)),
    version INTEGER NOT NULL,
    ovn TEXT NOT NULL,
    starts INTEGER NOT NULL,
    ends INTEGER NOT NULL,
    received INTEGER NOT NULL,
    searchable TEXT NOT NULL,
    entry INTEGER NOT NULL REFERENCES ledger_entry (number),
    change INTEGER NOT NULL REFERENCES change (sequence)
);
CREATE INDEX operation_in_order ON operation (live, starts, number, ends, state, party, class);
CREATE INDEX operation_by_change ON operation (change);

-- How many operations there are, so that counting them reads none.
CREATE TABLE operation_count (
    party TEXT NOT NULL,
    state TEXT NOT NULL,
    operations INTEGER NOT NULL CHECK (operations >= 0),
    PRIMARY KEY (party, state)
) WITHOUT ROWID;

-- Packed shapes of live operations; cells holds their cells as 64-bit little-endian integers.
CREATE TABLE geometry (
    number INTEGER NOT NULL PRIMARY KEY REFERENCES operation (number),
    format INTEGER NOT NULL,
    volumes BLOB NOT NULL,
    vertices BLOB NOT NULL,
    following BLOB NOT NULL,
    cells BLOB NOT NULL
);

-- Which live operations have a volume in a cell, and the change that brought them there.
CREATE TABLE cell (
    cell INTEGER NOT NULL,
    change INTEGER NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (cell, change)
) WITHOUT ROWID;

-- The current version of zones, boundaries, airfields, coverage statements and agreements.
CREATE TABLE declaration (
    subject TEXT NOT NULL,
    id TEXT NOT NULL,
    party TEXT NOT NULL,
    version INTEGER NOT NULL,
    live INTEGER NOT NULL CHECK (live IN (0, 1)),
    body BLOB NOT NULL,
    entry INTEGER NOT NULL REFERENCES ledger_entry (number),
    PRIMARY KEY (subject, id)
) WITHOUT ROWID;

-- Operations being written; local, never in the ledger.
CREATE TABLE draft (
    id BLOB NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    revisions INTEGER NOT NULL,
    saved_at INTEGER NOT NULL
);

CREATE TABLE draft_revision (
    draft BLOB NOT NULL REFERENCES draft (id),
    revision INTEGER NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (draft, revision)
) WITHOUT ROWID;
