-- A database of schema version 6: that of schema_v5.sql, and three answers that maria and ben have judged. In the seventh, maria has
-- added a note since; in the eighth she has taken a judgement back; in the ninth she has judged once more. Of each of them her row
-- counts, as it did then. Never edited: it stands for the files at the users' stations.
CREATE TABLE picture (
  sha256        TEXT PRIMARY KEY CHECK (length(sha256) = 64),
  path          TEXT NOT NULL UNIQUE,     -- relative to the data folder
  bytes         INTEGER NOT NULL,
  added_utc_ms  INTEGER NOT NULL
, removed_utc_ms INTEGER, removed_by TEXT, is_deleted INTEGER NOT NULL DEFAULT 0 CHECK (is_deleted IN (0, 1))) STRICT, WITHOUT ROWID;
CREATE TABLE model (
  id            INTEGER PRIMARY KEY,
  name          TEXT NOT NULL,
  sha256        TEXT NOT NULL, first_used_utc_ms INTEGER NOT NULL DEFAULT 0, last_used_utc_ms INTEGER NOT NULL DEFAULT 0,
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
  total_ms       REAL NOT NULL, session_id INTEGER REFERENCES session (id), max_tokens INTEGER, temperature REAL, seed INTEGER, choices TEXT, golden TEXT, app_version TEXT, finding_probability REAL, finding_score REAL, finding_answer_score REAL, finding_patch_score REAL, finding_class TEXT, finding_x INTEGER, finding_y INTEGER, finding_width INTEGER, finding_height INTEGER,
  CHECK (answer IS NOT NULL OR code <> '')
) STRICT;
CREATE INDEX answer_by_picture ON answer (picture_sha256);
CREATE TABLE counter_reset (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  time_utc_ms  INTEGER NOT NULL,
  after_answer INTEGER NOT NULL,  -- answers with a higher id are counted
  who          TEXT NOT NULL
) STRICT;
CREATE TABLE "review" (
  id              INTEGER PRIMARY KEY AUTOINCREMENT,
  answer_id       INTEGER NOT NULL REFERENCES answer (id),
  reviewed_utc_ms INTEGER NOT NULL,
  judgement       TEXT CHECK (judgement IN ('OK', 'NG', 'UNSURE')),  -- NULL: none any more
  reason          TEXT NOT NULL,
  defect_class    TEXT NOT NULL,
  note            TEXT NOT NULL,
  reviewer        TEXT NOT NULL,
  undoes          INTEGER REFERENCES "review" (id)  -- the row that this one takes back
) STRICT;
CREATE INDEX review_by_answer ON review (answer_id);
CREATE INDEX review_by_reviewer ON review (reviewer, answer_id);
CREATE TABLE question (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE source (id INTEGER PRIMARY KEY, uri TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE defect_class (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE facet (
  answer_id     INTEGER PRIMARY KEY REFERENCES answer (id),
  time_utc_ms   INTEGER NOT NULL,
  verdict       INTEGER NOT NULL,  -- 0: none, 1: OK, 2: NG, 3: UNSURE
  judgement     INTEGER NOT NULL,  -- the same of the review that counts
  review_id     INTEGER REFERENCES review (id),  -- which one that is
  disagrees     INTEGER NOT NULL CHECK (disagrees IN (0, 1)),
  question_id   INTEGER NOT NULL REFERENCES question (id),
  source_id     INTEGER NOT NULL REFERENCES source (id),
  model_id      INTEGER NOT NULL REFERENCES model (id),
  device        TEXT NOT NULL,
  class_id      INTEGER NOT NULL,
  is_failed     INTEGER NOT NULL CHECK (is_failed IN (0, 1)),
  load_us       INTEGER NOT NULL,
  decode_us     INTEGER NOT NULL,
  preprocess_us INTEGER NOT NULL,
  encode_us     INTEGER NOT NULL,
  project_us    INTEGER NOT NULL,
  compress_us   INTEGER NOT NULL,
  fuse_us       INTEGER NOT NULL,
  prefill_us    INTEGER NOT NULL,
  first_token_us INTEGER NOT NULL,
  per_token_us  INTEGER NOT NULL,
  total_us      INTEGER NOT NULL
, session_id INTEGER NOT NULL DEFAULT 0, is_held INTEGER NOT NULL DEFAULT 0 CHECK (is_held IN (0, 1))) STRICT;
CREATE INDEX facet_by_time ON facet (time_utc_ms);
CREATE INDEX facet_by_verdict ON facet (verdict);
CREATE INDEX facet_by_model ON facet (model_id);
CREATE INDEX facet_disagreeing ON facet (disagrees) WHERE disagrees = 1;
CREATE INDEX facet_failed ON facet (is_failed) WHERE is_failed = 1;
CREATE VIRTUAL TABLE answer_text USING fts5 (body, content = '', tokenize = 'unicode61 remove_diacritics 2');
CREATE TABLE hour_count (
  hour        INTEGER NOT NULL,  -- of time_utc_ms, in hours
  question_id INTEGER NOT NULL,
  source_id   INTEGER NOT NULL,
  model_id    INTEGER NOT NULL,
  verdict     INTEGER NOT NULL,
  judgement   INTEGER NOT NULL,
  is_failed   INTEGER NOT NULL,
  answers     INTEGER NOT NULL,
  PRIMARY KEY (hour, question_id, source_id, model_id, verdict, judgement, is_failed)
) STRICT, WITHOUT ROWID;
CREATE TABLE session (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  began_utc_ms INTEGER NOT NULL,
  ended_utc_ms INTEGER,           -- NULL: it goes on, or it was killed
  program      TEXT NOT NULL,     -- window, ask, batch, ...
  account      TEXT NOT NULL
) STRICT;
CREATE INDEX picture_to_delete ON picture (sha256) WHERE removed_utc_ms IS NOT NULL AND is_deleted = 0;
CREATE TABLE hold (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  answer_id   INTEGER NOT NULL REFERENCES answer (id),
  time_utc_ms INTEGER NOT NULL,
  is_held     INTEGER NOT NULL CHECK (is_held IN (0, 1)),  -- 0: released
  reason      TEXT NOT NULL,
  who         TEXT NOT NULL
) STRICT;
CREATE INDEX hold_by_answer ON hold (answer_id);
CREATE TABLE tag (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE tagging (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  answer_id   INTEGER NOT NULL REFERENCES answer (id),
  tag_id      INTEGER NOT NULL REFERENCES tag (id),
  time_utc_ms INTEGER NOT NULL,
  is_set      INTEGER NOT NULL CHECK (is_set IN (0, 1)),  -- 0: taken off
  who         TEXT NOT NULL
) STRICT;
CREATE INDEX tagging_by_answer ON tagging (answer_id, tag_id);
CREATE TABLE tagged (
  tag_id    INTEGER NOT NULL,
  answer_id INTEGER NOT NULL,
  PRIMARY KEY (tag_id, answer_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX tagged_by_answer ON tagged (answer_id);
CREATE TABLE reviewer (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE judged (
  reviewer_id INTEGER NOT NULL,
  answer_id   INTEGER NOT NULL,
  judgement   INTEGER NOT NULL,  -- 1: OK, 2: NG, 3: UNSURE
  PRIMARY KEY (reviewer_id, answer_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX judged_by_answer ON judged (answer_id);
CREATE TABLE judged_pair (
  first_id         INTEGER NOT NULL,
  second_id        INTEGER NOT NULL,
  answer_id        INTEGER NOT NULL,
  first_judgement  INTEGER NOT NULL,
  second_judgement INTEGER NOT NULL,
  PRIMARY KEY (first_id, second_id, answer_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX judged_pair_by_answer ON judged_pair (answer_id);
CREATE INDEX facet_walk ON facet (time_utc_ms, answer_id, verdict, judgement, disagrees, question_id, source_id, model_id, class_id,
                                  is_failed, session_id, is_held, device, load_us, decode_us, preprocess_us, encode_us, project_us,
                                  compress_us, fuse_us, prefill_us, first_token_us, per_token_us, total_us);
CREATE INDEX facet_by_question ON facet (question_id, time_utc_ms);
CREATE INDEX facet_by_source ON facet (source_id, time_utc_ms);
CREATE INDEX facet_by_defect_class ON facet (class_id, time_utc_ms);
CREATE INDEX facet_by_judgement ON facet (judgement, verdict);
CREATE INDEX facet_by_device ON facet (device, time_utc_ms);
CREATE INDEX facet_by_session ON facet (session_id, time_utc_ms);
CREATE INDEX facet_held ON facet (is_held) WHERE is_held = 1;
CREATE INDEX facet_by_total ON facet (total_us, is_failed);
CREATE INDEX facet_by_load ON facet (load_us, is_failed);
CREATE INDEX facet_by_decode ON facet (decode_us, is_failed);
CREATE INDEX facet_by_preprocess ON facet (preprocess_us, is_failed);
CREATE INDEX facet_by_encode ON facet (encode_us, is_failed);
CREATE INDEX facet_by_project ON facet (project_us, is_failed);
CREATE INDEX facet_by_compress ON facet (compress_us, is_failed);
CREATE INDEX facet_by_fuse ON facet (fuse_us, is_failed);
CREATE INDEX facet_by_prefill ON facet (prefill_us, is_failed);
CREATE INDEX facet_by_first_token ON facet (first_token_us, is_failed);
CREATE INDEX facet_by_per_token ON facet (per_token_us, is_failed);
CREATE TABLE batch_answer (
  key       TEXT PRIMARY KEY CHECK (length(key) = 64),
  answer_id INTEGER NOT NULL REFERENCES answer (id)
) STRICT, WITHOUT ROWID;

INSERT INTO picture VALUES ('16367aacb67a4a017c8da8ab95682ccb390863780f7114dda0a0e0c55644c7c4','pictures/16/16367aacb67a4a017c8da8ab95682ccb390863780f7114dda0a0e0c55644c7c4.jpg',6,1700000000000,NULL,NULL,0);
INSERT INTO picture VALUES ('a7937b64b8caa58f03721bb6bacf5c78cb235febe0e70b1b84cd99541461a08e','pictures/a7/a7937b64b8caa58f03721bb6bacf5c78cb235febe0e70b1b84cd99541461a08e.jpg',5,1700000000000,NULL,NULL,0);
INSERT INTO picture VALUES ('b1e99324505bd32da0e1f85dcf5e19a09db0481e8a15f62c41eb320304a8e927','pictures/b1/b1e99324505bd32da0e1f85dcf5e19a09db0481e8a15f62c41eb320304a8e927.jpg',5,1700000000000,1700007300000,'retention',1);
INSERT INTO model VALUES (1,'nano','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',1700000000000,1700010809000);
INSERT INTO model VALUES (2,'large','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',1700000030000,1700000030000);
INSERT INTO question VALUES (1,'How many bottles are there?');
INSERT INTO question VALUES (2,'有没有划痕?');
INSERT INTO question VALUES (3,'Is there a scratch?');
INSERT INTO question VALUES (4,'ＡＢＣ　ｶﾞﾗｽ?');
INSERT INTO source VALUES (1,'sim:');
INSERT INTO source VALUES (2,'uvc:left');
INSERT INTO source VALUES (3,'/line/a.png');
INSERT INTO source VALUES (4,'/line/b.png');
INSERT INTO source VALUES (5,'/line/c.png');
INSERT INTO defect_class VALUES (1,'dent');
INSERT INTO defect_class VALUES (2,'scratch');
INSERT INTO session VALUES (1,1700000040000,1700003600000,'window','maria');
INSERT INTO session VALUES (2,1700007100000,NULL,'batch','jonas');
INSERT INTO answer VALUES (1,1700000000000,'sim:',41,'','a7937b64b8caa58f03721bb6bacf5c78cb235febe0e70b1b84cd99541461a08e',640,480,NULL,NULL,NULL,NULL,'How many bottles are there?','3',0.9000000000000000222,NULL,'','',1,'cpu','bf16',64,20,1,0,0.0,0.0,2.5,11.499999999999999999,0.5,0.25,1.5,4.0,20.0,2.0,25.0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO answer VALUES (2,1700000060000,'uvc:left',41,'','16367aacb67a4a017c8da8ab95682ccb390863780f7114dda0a0e0c55644c7c4',640,480,NULL,NULL,NULL,NULL,'有没有划痕?','有划痕',0.9000000000000000222,'NG','','',1,'cuda:0','bf16',64,20,1,0,0.0,0.0,2.5,11.499999999999999999,0.5,0.25,1.5,4.0,20.0,2.0,40.0,1,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO answer VALUES (3,1700000030000,'uvc:left',41,'',NULL,640,480,NULL,NULL,NULL,NULL,'Is there a scratch?',NULL,NULL,'UNSURE','RUN-07','stopped',2,'cpu','bf16',64,20,1,0,0.0,0.0,2.5,11.499999999999999999,0.5,0.25,1.5,4.0,20.0,2.0,0.0,1,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO answer VALUES (4,1700007200000,'/line/a.png',41,'','16367aacb67a4a017c8da8ab95682ccb390863780f7114dda0a0e0c55644c7c4',640,480,NULL,NULL,NULL,NULL,'Is there a scratch?','no',0.9000000000000000222,'OK','','',1,'cpu','bf16',64,20,1,0,0.0,0.0,2.5,11.499999999999999999,0.5,0.25,1.5,4.0,20.0,2.0,30.0,2,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO answer VALUES (5,1700007260000,'/line/b.png',41,'','b1e99324505bd32da0e1f85dcf5e19a09db0481e8a15f62c41eb320304a8e927',640,480,NULL,NULL,NULL,NULL,'Is there a scratch?','no',0.9000000000000000222,'OK','','',1,'cpu','bf16',64,20,1,0,0.0,0.0,2.5,11.499999999999999999,0.5,0.25,1.5,4.0,20.0,2.0,30.0,2,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO answer VALUES (6,1700007320000,'/line/c.png',0,'',NULL,640,480,NULL,NULL,NULL,NULL,'ＡＢＣ　ｶﾞﾗｽ?','ﾊｲ',0.9000000000000000222,'OK','','',1,'cpu','bf16',64,20,1,0,0.0,0.0,2.5,11.499999999999999999,0.5,0.25,1.5,4.0,20.0,2.0,30.0,2,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO answer VALUES (7,1700010807000,'uvc:left',7,'',NULL,640,480,NULL,NULL,NULL,NULL,'Is there a scratch?','no',0.9000000000000000222,'OK','','',1,'cpu','bf16',64,20,1,0,0.0,0.0,2.5,11.499999999999999999,0.5,0.25,1.5,4.0,20.0,2.0,30.0,2,7,0.25,12,'["yes","no"]','','0.6.0',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO answer VALUES (8,1700010808000,'uvc:left',8,'',NULL,640,480,NULL,NULL,NULL,NULL,'Is there a scratch?','no',0.9000000000000000222,'OK','','',1,'cpu','bf16',64,20,1,0,0.0,0.0,2.5,11.499999999999999999,0.5,0.25,1.5,4.0,20.0,2.0,30.0,2,7,0.25,12,'["yes","no"]','','0.6.0',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO answer VALUES (9,1700010809000,'uvc:left',9,'',NULL,640,480,NULL,NULL,NULL,NULL,'Is there a scratch?','no',0.9000000000000000222,'OK','','',1,'cpu','bf16',64,20,1,0,0.0,0.0,2.5,11.499999999999999999,0.5,0.25,1.5,4.0,20.0,2.0,30.0,2,7,0.25,12,'["yes","no"]','','0.6.0',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO review VALUES (1,1,1700000050000,'NG','','dent','left edge','jonas',NULL);
INSERT INTO review VALUES (2,1,1700000100000,'OK','reflection','','','maria',NULL);
INSERT INTO review VALUES (3,2,1700000110000,'NG','','scratch','','maria',NULL);
INSERT INTO review VALUES (4,2,1700000120000,'OK','','','clean after all','maria',NULL);
INSERT INTO review VALUES (5,2,1700000130000,'NG','','scratch','','maria',4);
INSERT INTO review VALUES (6,3,1700000140000,NULL,'','','look again','jonas',NULL);
INSERT INTO review VALUES (7,7,1700010907000,'NG','','dent','','maria',NULL);
INSERT INTO review VALUES (8,7,1700010908000,'OK','','','','ben',NULL);
INSERT INTO review VALUES (9,7,1700010909000,'NG','','dent','wet','maria',NULL);
INSERT INTO review VALUES (10,8,1700010910000,'NG','dull','','','maria',NULL);
INSERT INTO review VALUES (11,8,1700010911000,'OK','','','','ben',NULL);
INSERT INTO review VALUES (12,8,1700010912000,'OK','','','','maria',NULL);
INSERT INTO review VALUES (13,8,1700010913000,'NG','dull','','','maria',12);
INSERT INTO review VALUES (14,9,1700010914000,'NG','','','','maria',NULL);
INSERT INTO review VALUES (15,9,1700010915000,'OK','','','','ben',NULL);
INSERT INTO review VALUES (16,9,1700010916000,'NG','','','','maria',NULL);
INSERT INTO counter_reset VALUES (1,1700000200000,5,'maria');
INSERT INTO facet VALUES (1,1700000000000,0,1,2,1,1,1,1,'cpu',0,0,0,0,2500,11500,500,250,1500,4000,20000,2000,25000,0,0);
INSERT INTO facet VALUES (2,1700000060000,2,2,5,0,2,2,1,'cuda:0',2,0,0,0,2500,11500,500,250,1500,4000,20000,2000,40000,1,1);
INSERT INTO facet VALUES (3,1700000030000,3,0,NULL,0,3,2,2,'cpu',0,1,0,0,2500,11500,500,250,1500,4000,20000,2000,0,1,0);
INSERT INTO facet VALUES (4,1700007200000,1,0,NULL,0,3,3,1,'cpu',0,0,0,0,2500,11500,500,250,1500,4000,20000,2000,30000,2,0);
INSERT INTO facet VALUES (5,1700007260000,1,0,NULL,0,3,4,1,'cpu',0,0,0,0,2500,11500,500,250,1500,4000,20000,2000,30000,2,0);
INSERT INTO facet VALUES (6,1700007320000,1,0,NULL,0,4,5,1,'cpu',0,0,0,0,2500,11500,500,250,1500,4000,20000,2000,30000,2,0);
INSERT INTO facet VALUES (7,1700010807000,1,2,9,1,3,2,1,'cpu',1,0,0,0,2500,11500,500,250,1500,4000,20000,2000,30000,2,0);
INSERT INTO facet VALUES (8,1700010808000,1,2,13,1,3,2,1,'cpu',0,0,0,0,2500,11500,500,250,1500,4000,20000,2000,30000,2,0);
INSERT INTO facet VALUES (9,1700010809000,1,2,16,1,3,2,1,'cpu',0,0,0,0,2500,11500,500,250,1500,4000,20000,2000,30000,2,0);
INSERT INTO hour_count VALUES (472222,1,1,1,0,1,0,1);
INSERT INTO hour_count VALUES (472222,2,2,1,2,2,0,1);
INSERT INTO hour_count VALUES (472222,3,2,2,3,0,1,1);
INSERT INTO hour_count VALUES (472224,3,3,1,1,0,0,1);
INSERT INTO hour_count VALUES (472224,3,4,1,1,0,0,1);
INSERT INTO hour_count VALUES (472224,4,5,1,1,0,0,1);
INSERT INTO hour_count VALUES (472225,3,2,1,1,2,0,3);
INSERT INTO hold VALUES (1,1,1700000150000,1,'audit','maria');
INSERT INTO hold VALUES (2,2,1700000150000,1,'audit','maria');
INSERT INTO hold VALUES (3,1,1700000160000,0,'audit is over','maria');
INSERT INTO tag VALUES (1,'shift change');
INSERT INTO tag VALUES (2,'Einlauf');
INSERT INTO tagging VALUES (1,2,1,1700000170000,1,'maria');
INSERT INTO tagging VALUES (2,4,1,1700000170000,1,'maria');
INSERT INTO tagging VALUES (3,4,2,1700000180000,1,'jonas');
INSERT INTO tagging VALUES (4,4,1,1700000190000,0,'jonas');
INSERT INTO tagged VALUES (1,2);
INSERT INTO tagged VALUES (2,4);
INSERT INTO reviewer VALUES (1,'jonas');
INSERT INTO reviewer VALUES (2,'maria');
INSERT INTO reviewer VALUES (3,'ben');
INSERT INTO judged VALUES (1,1,2);
INSERT INTO judged VALUES (2,1,1);
INSERT INTO judged VALUES (2,2,2);
INSERT INTO judged VALUES (2,7,2);
INSERT INTO judged VALUES (3,7,1);
INSERT INTO judged VALUES (2,8,2);
INSERT INTO judged VALUES (3,8,1);
INSERT INTO judged VALUES (2,9,2);
INSERT INTO judged VALUES (3,9,1);
INSERT INTO judged_pair VALUES (1,2,1,2,1);
INSERT INTO judged_pair VALUES (3,2,7,1,2);
INSERT INTO judged_pair VALUES (3,2,8,1,2);
INSERT INTO judged_pair VALUES (3,2,9,1,2);
INSERT INTO answer_text (rowid, body) VALUES (1, '3 How many bottles are there? sim: left edge');
INSERT INTO answer_text (rowid, body) VALUES (2, ' 有  划  痕   有  没  有  划  痕 ? uvc:left');
INSERT INTO answer_text (rowid, body) VALUES (3, ' Is there a scratch? uvc:left look again');
INSERT INTO answer_text (rowid, body) VALUES (4, 'no Is there a scratch? /line/a.png');
INSERT INTO answer_text (rowid, body) VALUES (5, 'no Is there a scratch? /line/b.png');
INSERT INTO answer_text (rowid, body) VALUES (6, ' ハ  イ  ABC  ガ  ラ  ス ? /line/c.png');
INSERT INTO answer_text (rowid, body) VALUES (7, 'no Is there a scratch? uvc:left wet');
INSERT INTO answer_text (rowid, body) VALUES (8, 'no Is there a scratch? uvc:left');
INSERT INTO answer_text (rowid, body) VALUES (9, 'no Is there a scratch? uvc:left');
INSERT INTO batch_answer VALUES ('kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk',6);
PRAGMA user_version = 6;
PRAGMA application_id = 1095058505;
