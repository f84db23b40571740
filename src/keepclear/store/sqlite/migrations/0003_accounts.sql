-- Form 3: what is kept of passwords. Outside the ledger, its payloads and every change told:
-- an account itself is a declaration, its hash stands here and nowhere else.
CREATE TABLE account_password (
    account TEXT NOT NULL PRIMARY KEY,
    hash TEXT NOT NULL,
    at INTEGER NOT NULL
) WITHOUT ROWID;
