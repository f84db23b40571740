-- The first form of a discovery service's store.
-- Times are microseconds since 1970-01-01T00:00:00Z; UUIDs are 16 bytes; cells in a row are
-- 64-bit little-endian. x0 to z1 is the box about a thing in earth-centred metres, low and high
-- its heights above the ellipsoid, infinite where open.

-- What was fixed when it was made, and how many changes were made since; one row.
CREATE TABLE dss (
    only_row INTEGER NOT NULL PRIMARY KEY CHECK (only_row = 1),
    pool TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    sequence INTEGER NOT NULL CHECK (sequence >= 0)
);

-- notified counts the notifications asked for; version is an opaque token.
CREATE TABLE subscription (
    number INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    manager TEXT NOT NULL,
    version TEXT NOT NULL,
    notified INTEGER NOT NULL CHECK (notified >= 0),
    base_url TEXT NOT NULL,
    for_intents INTEGER NOT NULL CHECK (for_intents IN (0, 1)),
    for_constraints INTEGER NOT NULL CHECK (for_constraints IN (0, 1)),
    is_implicit INTEGER NOT NULL CHECK (is_implicit IN (0, 1)),
    x0 REAL NOT NULL, y0 REAL NOT NULL, z0 REAL NOT NULL,
    x1 REAL NOT NULL, y1 REAL NOT NULL, z1 REAL NOT NULL,
    low REAL NOT NULL,
    high REAL NOT NULL,
    starts INTEGER NOT NULL,
    ends INTEGER NOT NULL,
    cells BLOB NOT NULL,
    change INTEGER NOT NULL
);
CREATE INDEX subscription_end ON subscription (is_implicit, ends);

CREATE TABLE subscription_cell (
    cell INTEGER NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (cell, number)
) WITHOUT ROWID;

CREATE TABLE intent (
    number INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    manager TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version >= 1),
    ovn TEXT NOT NULL,
    state TEXT NOT NULL,
    base_url TEXT NOT NULL,
    subscription INTEGER REFERENCES subscription (number),
    x0 REAL NOT NULL, y0 REAL NOT NULL, z0 REAL NOT NULL,
    x1 REAL NOT NULL, y1 REAL NOT NULL, z1 REAL NOT NULL,
    low REAL NOT NULL,
    high REAL NOT NULL,
    starts INTEGER NOT NULL,
    ends INTEGER NOT NULL,
    cells BLOB NOT NULL,
    change INTEGER NOT NULL
);
CREATE INDEX intent_end ON intent (ends);
CREATE INDEX intent_subscription ON intent (subscription);

CREATE TABLE intent_cell (
    cell INTEGER NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (cell, number)
) WITHOUT ROWID;

CREATE TABLE constraint_reference (
    number INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    manager TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version >= 1),
    ovn TEXT NOT NULL,
    base_url TEXT NOT NULL,
    x0 REAL NOT NULL, y0 REAL NOT NULL, z0 REAL NOT NULL,
    x1 REAL NOT NULL, y1 REAL NOT NULL, z1 REAL NOT NULL,
    low REAL NOT NULL,
    high REAL NOT NULL,
    starts INTEGER NOT NULL,
    ends INTEGER NOT NULL,
    cells BLOB NOT NULL,
    change INTEGER NOT NULL
);
CREATE INDEX constraint_end ON constraint_reference (ends);

CREATE TABLE constraint_cell (
    cell INTEGER NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (cell, number)
) WITHOUT ROWID;

-- What arbiters said of operators' services; the row is missing where nobody said anything.
CREATE TABLE uss_availability (
    uss TEXT NOT NULL PRIMARY KEY,
    state TEXT NOT NULL,
    version TEXT NOT NULL,
    change INTEGER NOT NULL
);

-- Reports of trouble, as they were sent.
CREATE TABLE report (
    id BLOB NOT NULL PRIMARY KEY,
    manager TEXT NOT NULL,
    at INTEGER NOT NULL,
    body BLOB NOT NULL
);
