-- atrium.db: the journal's tail, the current states up to where the journal was folded, the objects.

-- Ids and sources are stored once and known by number. Numbers are dense and never given away again.
CREATE TABLE ids(
  nr INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE sources(
  nr     INTEGER PRIMARY KEY,
  source TEXT NOT NULL UNIQUE
) STRICT;

-- folded: every change up to this sequence is in the history and in the snapshot.
-- floor:  sequences up to this one were given away, whatever the journal holds.
-- pair:   the same number in both files: they belong together.
CREATE TABLE meta(
  key   TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO meta(key, value) VALUES('folded', 0), ('floor', 0), ('pair', random());

-- kind: 0 a state was written, 1 a state was deleted, 2 an object was written, 3 an object was deleted.
-- val:  a number as it is, NULL for null, everything else as JSON text.
-- lc:   NULL if it equals ts.
-- The order of arrival is the only key, which is what makes appending cheap.
CREATE TABLE journal(
  seq       INTEGER PRIMARY KEY,
  kind      INTEGER NOT NULL,
  nr        INTEGER NOT NULL,
  ts        INTEGER NOT NULL,
  lc        INTEGER,
  val       ANY,
  ack       INTEGER NOT NULL,
  q         INTEGER NOT NULL,
  source_nr INTEGER,
  user_nr   INTEGER,
  comment   TEXT
) STRICT;

CREATE TABLE snapshot(
  nr        INTEGER PRIMARY KEY,
  seq       INTEGER NOT NULL,
  ts        INTEGER NOT NULL,
  lc        INTEGER,
  val       ANY,
  ack       INTEGER NOT NULL,
  q         INTEGER NOT NULL,
  source_nr INTEGER,
  user_nr   INTEGER,
  comment   TEXT
) STRICT;

CREATE TABLE objects(
  nr   INTEGER PRIMARY KEY,
  seq  INTEGER NOT NULL,
  text TEXT NOT NULL
) STRICT;

-- For people: sqlite3 atrium.db "SELECT * FROM journal_view ORDER BY seq DESC LIMIT 20"
CREATE VIEW journal_view AS
SELECT j.seq, strftime('%Y-%m-%dT%H:%M:%fZ', j.ts / 1000.0, 'unixepoch') AS time, i.id,
       CASE j.kind WHEN 0 THEN 'state' WHEN 1 THEN 'state deleted'
                   WHEN 2 THEN 'object' ELSE 'object deleted' END AS change,
       j.val, j.ack, j.q, s.source, u.source AS user, j.comment
FROM journal AS j
JOIN ids AS i USING(nr)
LEFT JOIN sources AS s ON s.nr = j.source_nr
LEFT JOIN sources AS u ON u.nr = j.user_nr;

-- The current states: sqlite3 atrium.db "SELECT * FROM state_view WHERE id GLOB 'demo.0.*'"
CREATE VIEW state_view AS
SELECT i.id, x.val, x.ack, strftime('%Y-%m-%dT%H:%M:%fZ', x.ts / 1000.0, 'unixepoch') AS time,
       strftime('%Y-%m-%dT%H:%M:%fZ', ifnull(x.lc, x.ts) / 1000.0, 'unixepoch') AS last_change,
       x.q, s.source, u.source AS user, x.comment, x.seq
FROM (
  SELECT max(seq) AS seq, nr, kind, ts, lc, val, ack, q, source_nr, user_nr, comment
  FROM (
    SELECT seq, nr, kind, ts, lc, val, ack, q, source_nr, user_nr, comment
    FROM journal WHERE kind IN (0, 1)
    UNION ALL
    SELECT seq, nr, 0, ts, lc, val, ack, q, source_nr, user_nr, comment FROM snapshot
  )
  GROUP BY nr
) AS x
JOIN ids AS i USING(nr)
LEFT JOIN sources AS s ON s.nr = x.source_nr
LEFT JOIN sources AS u ON u.nr = x.user_nr
WHERE x.kind = 0;

CREATE VIEW object_view AS
SELECT i.id, o.text, o.seq FROM objects AS o JOIN ids AS i USING(nr);
