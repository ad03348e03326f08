-- The part that this ring has among the rings of one log. No row: it is alone.
CREATE TABLE IF NOT EXISTS part (
    one       INTEGER PRIMARY KEY CHECK (one = 1),
    ring      BLOB NOT NULL CHECK (length(ring) = 16),
    session   BLOB CHECK (length(session) = 16),   -- the last one that stands in the stream
    opening   BLOB CHECK (length(opening) = 16),   -- one that may have come to stand there
    next      INTEGER NOT NULL,                    -- the revision to be read next
    last      BLOB CHECK (length(last) = 32),      -- the digest of the event before that
    destroyed INTEGER                              -- the revision of the last destruction carried out
) STRICT;

CREATE TABLE IF NOT EXISTS member (
    ring       BLOB PRIMARY KEY CHECK (length(ring) = 16),
    joined     INTEGER NOT NULL,
    followed   INTEGER NOT NULL,
    struck_off INTEGER
) STRICT, WITHOUT ROWID;

-- At which revision a subject's key was destroyed, for those destroyed since there are several rings.
CREATE TABLE IF NOT EXISTS destruction (
    subject  BLOB PRIMARY KEY CHECK (length(subject) = 16),
    revision INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
