-- history.db: every past value that was folded, clustered by state and time. The newest values are still
-- in the journal of atrium.db; to see both:
--   sqlite3 history.db "ATTACH 'atrium.db' AS live;
--     SELECT time, val FROM history_view WHERE id = 'demo.0.x' AND seq <= (SELECT value FROM live.meta WHERE key = 'folded')
--     UNION ALL SELECT time, val FROM live.journal_view WHERE id = 'demo.0.x' AND change = 'state'
--       AND seq > (SELECT value FROM live.meta WHERE key = 'folded') ORDER BY time"

-- Copies of the tables of atrium.db, so that this file can be read alone.
CREATE TABLE ids(
  nr INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE sources(
  nr     INTEGER PRIMARY KEY,
  source TEXT NOT NULL UNIQUE
) STRICT;

-- folded: the last sequence that was copied here; pair: as in atrium.db.
CREATE TABLE meta(
  key   TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO meta(key, value) VALUES('folded', 0);

-- The sequence is part of the key: values of the same millisecond do not collide, and copying a change
-- twice stores it once. Columns as in the journal.
CREATE TABLE history(
  nr        INTEGER NOT NULL,
  ts        INTEGER NOT NULL,
  seq       INTEGER NOT NULL,
  lc        INTEGER,
  val       ANY,
  ack       INTEGER NOT NULL,
  q         INTEGER NOT NULL,
  source_nr INTEGER,
  user_nr   INTEGER,
  comment   TEXT,
  PRIMARY KEY(nr, ts, seq)
) STRICT, WITHOUT ROWID;

-- For people: sqlite3 history.db "SELECT * FROM history_view WHERE id = 'demo.0.x' ORDER BY ts"
CREATE VIEW history_view AS
SELECT i.id, h.ts, strftime('%Y-%m-%dT%H:%M:%fZ', h.ts / 1000.0, 'unixepoch') AS time,
       h.val, h.ack, h.q, s.source, u.source AS user, h.comment, h.seq
FROM history AS h
JOIN ids AS i USING(nr)
LEFT JOIN sources AS s ON s.nr = h.source_nr
LEFT JOIN sources AS u ON u.nr = h.user_nr;
