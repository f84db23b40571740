-- Form 2: the line. Messages, envelopes, streams, deadlines.

-- A message as this side keeps it; content is its document, life where it is in its life.
CREATE TABLE message (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE,
    line TEXT NOT NULL,
    outgoing INTEGER NOT NULL CHECK (outgoing IN (0, 1)),
    code TEXT NOT NULL,
    precedence TEXT NOT NULL,
    state TEXT NOT NULL,
    open INTEGER NOT NULL CHECK (open IN (0, 1)),
    epoch INTEGER,
    serial INTEGER,
    version INTEGER NOT NULL,
    content BLOB NOT NULL,
    life BLOB NOT NULL,
    searchable TEXT NOT NULL,
    at INTEGER NOT NULL,
    entry INTEGER REFERENCES ledger_entry (number)
);
CREATE INDEX message_open ON message (line, open, state, outgoing);

-- Signed envelopes, ours and theirs, word for word.
CREATE TABLE envelope (
    line TEXT NOT NULL,
    outgoing INTEGER NOT NULL CHECK (outgoing IN (0, 1)),
    epoch INTEGER NOT NULL,
    serial INTEGER NOT NULL CHECK (serial >= 1),
    hash BLOB NOT NULL,
    precedence TEXT NOT NULL,
    message BLOB NOT NULL,
    delivered INTEGER,
    applied INTEGER NOT NULL CHECK (applied IN (0, 1)),
    content BLOB NOT NULL,
    PRIMARY KEY (line, outgoing, epoch, serial)
);
CREATE INDEX envelope_waiting ON envelope (line, epoch, serial)
    WHERE outgoing = 1 AND delivered IS NULL;
CREATE INDEX envelope_held ON envelope (line, epoch, serial) WHERE outgoing = 0 AND applied = 0;
CREATE INDEX envelope_of_message ON envelope (message);

-- How far each stream goes without a gap.
CREATE TABLE stream (
    line TEXT NOT NULL,
    outgoing INTEGER NOT NULL CHECK (outgoing IN (0, 1)),
    epoch INTEGER NOT NULL,
    serial INTEGER NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (line, outgoing, epoch)
) WITHOUT ROWID;

-- Every timer is a stored moment.
CREATE TABLE deadline (
    subject TEXT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    due INTEGER NOT NULL,
    PRIMARY KEY (subject, id, kind)
) WITHOUT ROWID;
CREATE INDEX deadline_by_due ON deadline (due);

CREATE INDEX declaration_by_party ON declaration (subject, party, id);
