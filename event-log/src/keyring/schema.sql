-- One process at a time; nothing deleted stays readable; every commit survives a power cut.
PRAGMA locking_mode = EXCLUSIVE;
PRAGMA journal_mode = DELETE;
PRAGMA synchronous = EXTRA;
PRAGMA secure_delete = ON;
PRAGMA temp_store = MEMORY;

CREATE TABLE IF NOT EXISTS ring (
    one    INTEGER PRIMARY KEY CHECK (one = 1),
    origin TEXT NOT NULL,
    epoch  INTEGER NOT NULL
) STRICT;

-- state: 0 live, 1 held, 2 tombstoned. A tombstone is for ever.
CREATE TABLE IF NOT EXISTS subject (
    id         BLOB PRIMARY KEY CHECK (length(id) = 16),
    state      INTEGER NOT NULL CHECK (state IN (0, 1, 2)),
    epoch_made INTEGER NOT NULL,
    epoch      INTEGER NOT NULL,
    commitment BLOB CHECK (length(commitment) = 32),
    wrapped    BLOB,
    CHECK ((state = 2) = (wrapped IS NULL)),
    CHECK (state = 2 OR commitment IS NOT NULL)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER IF NOT EXISTS a_tombstone_is_for_ever BEFORE UPDATE ON subject
WHEN old.state = 2 AND (new.state <> 2 OR new.wrapped IS NOT NULL)
BEGIN SELECT raise(ABORT, 'a tombstone is for ever'); END;

CREATE TRIGGER IF NOT EXISTS a_subject_is_never_forgotten BEFORE DELETE ON subject
BEGIN SELECT raise(ABORT, 'a subject is never forgotten'); END;
