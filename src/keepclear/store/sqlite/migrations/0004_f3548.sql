-- Form 4: a USS. What it learnt from others, what it must still tell them, what operators were told.
-- References of others are not operations: they are here, outside the ledger and every change told.
CREATE TABLE uss_learnt (
    sort TEXT NOT NULL CHECK (sort IN ('intent', 'constraint')),
    id TEXT NOT NULL,
    manager TEXT NOT NULL,
    version INTEGER NOT NULL,
    ovn TEXT NOT NULL,
    told INTEGER NOT NULL CHECK (told IN (0, 1)),
    ends INTEGER NOT NULL,
    at INTEGER NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (sort, id)
);
CREATE INDEX uss_learnt_ends ON uss_learnt (ends);

CREATE TABLE uss_waiting (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    base_url TEXT NOT NULL,
    path TEXT NOT NULL,
    body BLOB NOT NULL,
    due INTEGER NOT NULL,
    until INTEGER NOT NULL,
    attempts INTEGER NOT NULL
);

CREATE TABLE uss_operator_notice (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    event_at INTEGER NOT NULL,
    event TEXT NOT NULL,
    operation TEXT NOT NULL,
    conflicts INTEGER NOT NULL,
    text TEXT NOT NULL
);
CREATE INDEX uss_operator_notice_at ON uss_operator_notice (at);
