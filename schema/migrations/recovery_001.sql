-- recovery.db: what clients of Socket.IO that come back need: their sessions, and the events that they may
-- have missed. Nothing in it is older than the configured time of absence; without it, clients begin anew.

-- One row for each namespace.
-- next:           the position of the next packet; positions are never given away again.
-- complete_since: packets after this time (ms since 1970) are all there, unless they are too old to be needed.
-- published:      the sequence of the journal up to which changes were published; 0 if there is no journal.
-- runs:           [[run, number], …]: the last runs of the server, each with the last offset that is no longer
--                 in packets.
CREATE TABLE namespaces(
  nr             INTEGER PRIMARY KEY,
  name           TEXT NOT NULL UNIQUE,
  next           INTEGER NOT NULL,
  complete_since INTEGER NOT NULL,
  published      INTEGER NOT NULL,
  runs           TEXT NOT NULL
) STRICT;

-- since:   the position that was next when the session began.
-- closed:  when its client was lost, in ms since 1970; NULL while it is connected.
-- rooms:   ["room", …]; watches: [[channel, "pattern"], …]; data: an object, or empty.
CREATE TABLE sessions(
  nsp     INTEGER NOT NULL,
  pid     TEXT NOT NULL,
  sid     TEXT NOT NULL,
  since   INTEGER NOT NULL,
  closed  INTEGER,
  rooms   TEXT NOT NULL,
  watches TEXT NOT NULL,
  data    TEXT NOT NULL,
  PRIMARY KEY(nsp, pid)
) STRICT, WITHOUT ROWID;

-- Either for rooms (all sockets if empty) without some others, or, with a topic, for those who watch it.
-- frame: a byte of flags (1: may be compressed); then for each part a byte (1: binary), the length in four
-- bytes, the lowest first, and the bytes.
CREATE TABLE packets(
  nsp      INTEGER NOT NULL,
  position INTEGER NOT NULL,
  run      INTEGER NOT NULL,
  number   INTEGER NOT NULL,
  time     INTEGER NOT NULL,
  rooms    TEXT NOT NULL,
  except_  TEXT NOT NULL,
  channel  INTEGER,
  topic    TEXT,
  frame    BLOB NOT NULL,
  PRIMARY KEY(nsp, position)
) STRICT, WITHOUT ROWID;
