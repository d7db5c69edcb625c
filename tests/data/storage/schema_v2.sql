-- A database of schema version 2 with one answer, its review, and a reset of the counters after it. Never edited: it stands for the files at the users' stations.
CREATE TABLE picture (
  sha256        TEXT PRIMARY KEY CHECK (length(sha256) = 64),
  path          TEXT NOT NULL UNIQUE,     -- relative to the data folder
  bytes         INTEGER NOT NULL,
  added_utc_ms  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE model (
  id            INTEGER PRIMARY KEY,
  name          TEXT NOT NULL,
  sha256        TEXT NOT NULL,
  UNIQUE (name, sha256)
) STRICT;

CREATE TABLE answer (
  id             INTEGER PRIMARY KEY AUTOINCREMENT,  -- never used twice
  time_utc_ms    INTEGER NOT NULL,
  source         TEXT NOT NULL,
  frame_sequence INTEGER NOT NULL,
  source_sha256  TEXT NOT NULL,
  picture_sha256 TEXT REFERENCES picture (sha256),
  width_px       INTEGER NOT NULL,
  height_px      INTEGER NOT NULL,
  roi_x          INTEGER,
  roi_y          INTEGER,
  roi_width      INTEGER,
  roi_height     INTEGER,
  question       TEXT NOT NULL,
  answer         TEXT,                               -- NULL: failed, code says why
  probability    REAL,
  verdict        TEXT CHECK (verdict IN ('OK', 'NG', 'UNSURE')),
  code           TEXT NOT NULL,
  message        TEXT NOT NULL,
  model_id       INTEGER NOT NULL REFERENCES model (id),
  device         TEXT NOT NULL,
  precision      TEXT NOT NULL,
  tokens_visual  INTEGER NOT NULL,
  tokens_prompt  INTEGER NOT NULL,
  tokens_answer  INTEGER NOT NULL,
  encoder_reused INTEGER NOT NULL CHECK (encoder_reused IN (0, 1)),
  load_ms        REAL NOT NULL,
  decode_ms      REAL NOT NULL,
  preprocess_ms  REAL NOT NULL,
  encode_ms      REAL NOT NULL,
  project_ms     REAL NOT NULL,
  compress_ms    REAL NOT NULL,
  fuse_ms        REAL NOT NULL,
  prefill_ms     REAL NOT NULL,
  first_token_ms REAL NOT NULL,
  per_token_ms   REAL NOT NULL,
  total_ms       REAL NOT NULL,
  CHECK (answer IS NOT NULL OR code <> '')
) STRICT;

CREATE INDEX answer_by_picture ON answer (picture_sha256);
CREATE INDEX answer_by_time ON answer (time_utc_ms);

CREATE TABLE review (
  id              INTEGER PRIMARY KEY AUTOINCREMENT,
  answer_id       INTEGER NOT NULL REFERENCES answer (id),
  reviewed_utc_ms INTEGER NOT NULL,
  judgement       TEXT NOT NULL CHECK (judgement IN ('OK', 'NG', 'UNSURE')),
  reason          TEXT NOT NULL,
  reviewer        TEXT NOT NULL
) STRICT;

CREATE TABLE counter_reset (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  time_utc_ms  INTEGER NOT NULL,
  after_answer INTEGER NOT NULL,  -- answers with a higher id are counted
  who          TEXT NOT NULL
) STRICT;

CREATE INDEX review_by_answer ON review (answer_id);
CREATE INDEX answer_by_verdict ON answer (verdict);  -- ends with the id, as every index does
CREATE INDEX answer_failed ON answer (answer) WHERE answer IS NULL;

INSERT INTO picture VALUES ('cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc',
  'pictures/cc/cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc.jpg', 1234, 1700000000000);
INSERT INTO model VALUES (1, 'nano', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa');
INSERT INTO answer VALUES (7, 1700000000000, 'sim:', 41, '',
  'cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc', 640, 640, NULL, NULL, NULL, NULL,
  'How many bottles are there?', '3', 0.9, NULL, '', '', 1, 'cpu', 'bf16', 64, 20, 1, 0,
  120.0, 0.0, 2.5, 11.5, 0.5, 0.25, 1.5, 4.0, 20.0, 2.0, 25.0);
INSERT INTO review VALUES (1, 7, 1700000050000, 'NG', '', 'jonas'),
  (2, 7, 1700000100000, 'OK', 'reflection', 'maria');
INSERT INTO counter_reset VALUES (1, 1700000200000, 7, 'maria');
PRAGMA user_version = 2;
PRAGMA application_id = 1095058505;
