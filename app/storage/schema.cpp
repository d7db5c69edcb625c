#include "app/storage/schema.h"

#include <array>
#include <string>

namespace auroraedge::app {
namespace {

// Times are milliseconds, wall clock in UTC; sizes are pixels and bytes. STRICT: a wrong type is an error, not a guess.
constexpr const char *kFirstSchema = R"sql(
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
)sql";

// What people add to the answers. Rows of both tables are only ever added; the newest one counts.
constexpr const char *kReviews = R"sql(
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
)sql";

// What answers are found and counted by: one narrow row for each, so that a million of them are read in a moment. Every
// value follows from answer and review; facet_rows keeps it so. judgement 0: none counts. class_id 0: none.
constexpr const char *kFacets = R"sql(
CREATE TABLE reviewed (
  id              INTEGER PRIMARY KEY AUTOINCREMENT,
  answer_id       INTEGER NOT NULL REFERENCES answer (id),
  reviewed_utc_ms INTEGER NOT NULL,
  judgement       TEXT CHECK (judgement IN ('OK', 'NG', 'UNSURE')),  -- NULL: none any more
  reason          TEXT NOT NULL,
  defect_class    TEXT NOT NULL,
  note            TEXT NOT NULL,
  reviewer        TEXT NOT NULL,
  undoes          INTEGER REFERENCES reviewed (id)  -- the row that this one takes back
) STRICT;
INSERT INTO reviewed (id, answer_id, reviewed_utc_ms, judgement, reason, defect_class, note, reviewer)
  SELECT id, answer_id, reviewed_utc_ms, judgement, reason, '', '', reviewer FROM review ORDER BY id;
DROP TABLE review;
ALTER TABLE reviewed RENAME TO review;
CREATE INDEX review_by_answer ON review (answer_id);
CREATE INDEX review_by_reviewer ON review (reviewer, answer_id);

CREATE TABLE question (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE source (id INTEGER PRIMARY KEY, uri TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE defect_class (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
INSERT INTO question (text) SELECT DISTINCT question FROM answer;
INSERT INTO source (uri) SELECT DISTINCT source FROM answer;

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
) STRICT;
INSERT INTO facet
  SELECT answer.id, answer.time_utc_ms,
    CASE verdict WHEN 'OK' THEN 1 WHEN 'NG' THEN 2 WHEN 'UNSURE' THEN 3 ELSE 0 END,
    CASE newest.judgement WHEN 'OK' THEN 1 WHEN 'NG' THEN 2 WHEN 'UNSURE' THEN 3 ELSE 0 END,
    newest.id,
    newest.id IS NOT NULL AND (newest.judgement IS NOT verdict
      OR EXISTS (SELECT 1 FROM review r WHERE r.answer_id = answer.id AND r.judgement IS NOT newest.judgement
                 AND r.id = (SELECT max(id) FROM review WHERE answer_id = answer.id AND reviewer = r.reviewer))),
    question.id, source.id, model_id, device, 0, answer IS NULL,
    round(load_ms * 1000), round(decode_ms * 1000), round(preprocess_ms * 1000), round(encode_ms * 1000),
    round(project_ms * 1000), round(compress_ms * 1000), round(fuse_ms * 1000), round(prefill_ms * 1000),
    round(first_token_ms * 1000), round(per_token_ms * 1000), round(total_ms * 1000)
  FROM answer
    JOIN question ON question.text = answer.question
    JOIN source ON source.uri = answer.source
    LEFT JOIN review newest ON newest.id = (SELECT max(id) FROM review WHERE answer_id = answer.id);

-- What no other index serves is looked for along this one, which has all that is asked about.
CREATE INDEX facet_walk ON facet (answer_id, time_utc_ms, verdict, judgement, disagrees, question_id, source_id, model_id,
                                  class_id, is_failed, total_us);
CREATE INDEX facet_by_time ON facet (time_utc_ms);
CREATE INDEX facet_by_verdict ON facet (verdict);
CREATE INDEX facet_by_judgement ON facet (judgement);
CREATE INDEX facet_by_question ON facet (question_id);
CREATE INDEX facet_by_source ON facet (source_id);
CREATE INDEX facet_by_model ON facet (model_id);
CREATE INDEX facet_by_defect_class ON facet (class_id);
CREATE INDEX facet_by_total ON facet (total_us);
CREATE INDEX facet_disagreeing ON facet (disagrees) WHERE disagrees = 1;
CREATE INDEX facet_failed ON facet (is_failed) WHERE is_failed = 1;

-- Words are looked for here; the texts themselves stay where they are.
CREATE VIRTUAL TABLE answer_text USING fts5 (body, content = '', tokenize = 'unicode61 remove_diacritics 2');
INSERT INTO answer_text (rowid, body)
  SELECT id, search_text(coalesce(answer, '') || ' ' || question || ' ' || source) FROM answer ORDER BY id;

-- Answers of each hour, so that a chart of months reads thousands of rows and not millions.
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
INSERT INTO hour_count
  SELECT time_utc_ms / 3600000, question_id, source_id, model_id, verdict, judgement, is_failed, count(*)
  FROM facet GROUP BY 1, 2, 3, 4, 5, 6, 7;
)sql";

// Sessions, holds and tags; what they, people and pairs of people are found by. Rows of hold and tagging are only ever
// added; of each answer (and tag) the newest one counts. judged, judged_pair and tagged follow from the logs.
constexpr const char *kSessions = R"sql(
CREATE TABLE session (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  began_utc_ms INTEGER NOT NULL,
  ended_utc_ms INTEGER,           -- NULL: it goes on, or it was killed
  program      TEXT NOT NULL,     -- window, ask, batch, ...
  account      TEXT NOT NULL
) STRICT;
ALTER TABLE answer ADD COLUMN session_id INTEGER REFERENCES session (id);  -- NULL: from before there were sessions

ALTER TABLE model ADD COLUMN first_used_utc_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE model ADD COLUMN last_used_utc_ms INTEGER NOT NULL DEFAULT 0;
UPDATE model SET first_used_utc_ms = used.first, last_used_utc_ms = used.last
  FROM (SELECT model_id, min(time_utc_ms) AS first, max(time_utc_ms) AS last FROM facet GROUP BY 1) AS used WHERE used.model_id = model.id;

-- A picture goes in two steps, so that a run that was killed between them is finished by the next one.
ALTER TABLE picture ADD COLUMN removed_utc_ms INTEGER;  -- NULL: it is kept
ALTER TABLE picture ADD COLUMN removed_by TEXT;
ALTER TABLE picture ADD COLUMN is_deleted INTEGER NOT NULL DEFAULT 0 CHECK (is_deleted IN (0, 1));  -- its file
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

-- Of each person what stands of each answer.
CREATE TABLE reviewer (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE judged (
  reviewer_id INTEGER NOT NULL,
  answer_id   INTEGER NOT NULL,
  judgement   INTEGER NOT NULL,  -- 1: OK, 2: NG, 3: UNSURE
  PRIMARY KEY (reviewer_id, answer_id)
) STRICT, WITHOUT ROWID;
INSERT INTO reviewer (name) SELECT DISTINCT reviewer FROM review;
INSERT INTO judged
  SELECT reviewer.id, answer_id, CASE judgement WHEN 'OK' THEN 1 WHEN 'NG' THEN 2 ELSE 3 END
  FROM review r JOIN reviewer ON reviewer.name = r.reviewer
  WHERE judgement IS NOT NULL AND r.id = (SELECT max(id) FROM review WHERE answer_id = r.answer_id AND reviewer = r.reviewer);
CREATE INDEX judged_by_answer ON judged (answer_id);

-- Two people who judged the same answer; the first one's name comes before the second's.
CREATE TABLE judged_pair (
  first_id         INTEGER NOT NULL,
  second_id        INTEGER NOT NULL,
  answer_id        INTEGER NOT NULL,
  first_judgement  INTEGER NOT NULL,
  second_judgement INTEGER NOT NULL,
  PRIMARY KEY (first_id, second_id, answer_id)
) STRICT, WITHOUT ROWID;
INSERT INTO judged_pair
  SELECT a.reviewer_id, b.reviewer_id, a.answer_id, a.judgement, b.judgement
  FROM judged a JOIN judged b ON b.answer_id = a.answer_id
    JOIN reviewer first ON first.id = a.reviewer_id JOIN reviewer second ON second.id = b.reviewer_id
  WHERE first.name < second.name;
CREATE INDEX judged_pair_by_answer ON judged_pair (answer_id);

-- Notes are found by their words, too: of each person the newest one. A word is taken out by what it was put in with.
CREATE TABLE noted AS
  SELECT answer_id, group_concat(note, ' ') AS notes FROM (
    SELECT answer_id, note FROM review r
    WHERE note <> '' AND id = (SELECT max(id) FROM review WHERE answer_id = r.answer_id AND reviewer = r.reviewer) ORDER BY id)
  GROUP BY 1;
INSERT INTO answer_text (answer_text, rowid, body)
  SELECT 'delete', id, search_text(coalesce(answer, '') || ' ' || question || ' ' || source) FROM answer JOIN noted ON answer_id = id;
INSERT INTO answer_text (rowid, body)
  SELECT id, search_text(coalesce(answer, '') || ' ' || question || ' ' || source || ' ' || notes) FROM answer JOIN noted ON answer_id = id;
DROP TABLE noted;

ALTER TABLE facet ADD COLUMN session_id INTEGER NOT NULL DEFAULT 0;  -- 0: none
ALTER TABLE facet ADD COLUMN is_held INTEGER NOT NULL DEFAULT 0 CHECK (is_held IN (0, 1));
-- Pages go by time, so the walk does, too, and so do the answers of one question, source, ...
DROP INDEX facet_walk;
CREATE INDEX facet_walk ON facet (time_utc_ms, answer_id, verdict, judgement, disagrees, question_id, source_id, model_id, class_id,
                                  is_failed, session_id, is_held, device, load_us, decode_us, preprocess_us, encode_us, project_us,
                                  compress_us, fuse_us, prefill_us, first_token_us, per_token_us, total_us);
DROP INDEX facet_by_question;
CREATE INDEX facet_by_question ON facet (question_id, time_utc_ms);
DROP INDEX facet_by_source;
CREATE INDEX facet_by_source ON facet (source_id, time_utc_ms);
DROP INDEX facet_by_defect_class;
CREATE INDEX facet_by_defect_class ON facet (class_id, time_utc_ms);
DROP INDEX facet_by_judgement;
CREATE INDEX facet_by_judgement ON facet (judgement, verdict);
CREATE INDEX facet_by_device ON facet (device, time_utc_ms);
CREATE INDEX facet_by_session ON facet (session_id, time_utc_ms);
CREATE INDEX facet_held ON facet (is_held) WHERE is_held = 1;
DROP INDEX facet_by_total;
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
-- Counted are facets.
DROP INDEX answer_by_time;
DROP INDEX answer_by_verdict;
DROP INDEX answer_failed;
)sql";

// A batch that was killed asks some pictures again: what was stored of them is known by its key.
constexpr const char *kBatches = R"sql(
CREATE TABLE batch_answer (
  key       TEXT PRIMARY KEY CHECK (length(key) = 64),
  answer_id INTEGER NOT NULL REFERENCES answer (id)
) STRICT, WITHOUT ROWID;
)sql";

// How an answer was made, so that it can be made again, and what a product's model saw. The words are indexed anew: the same
// character in another width is the same word since this version.
constexpr const char *kSettings = R"sql(
ALTER TABLE answer ADD COLUMN max_tokens INTEGER;  -- NULL, as of the next four: from before they were kept
ALTER TABLE answer ADD COLUMN temperature REAL;
ALTER TABLE answer ADD COLUMN seed INTEGER;        -- the bits of an unsigned number
ALTER TABLE answer ADD COLUMN choices TEXT;        -- JSON, an array of texts; empty: none were given
ALTER TABLE answer ADD COLUMN golden TEXT;         -- picture or folder that was compared with, as given; empty: none was
ALTER TABLE answer ADD COLUMN app_version TEXT;
ALTER TABLE answer ADD COLUMN finding_probability REAL;  -- of a defect; NULL, as of the others: no product's question
ALTER TABLE answer ADD COLUMN finding_score REAL;
ALTER TABLE answer ADD COLUMN finding_answer_score REAL;
ALTER TABLE answer ADD COLUMN finding_patch_score REAL;  -- also NULL: the model has no patch head
ALTER TABLE answer ADD COLUMN finding_class TEXT;
ALTER TABLE answer ADD COLUMN finding_x INTEGER;         -- the worst tile, in the whole picture
ALTER TABLE answer ADD COLUMN finding_y INTEGER;
ALTER TABLE answer ADD COLUMN finding_width INTEGER;
ALTER TABLE answer ADD COLUMN finding_height INTEGER;

CREATE TABLE noted AS
  SELECT answer_id, group_concat(note, ' ') AS notes FROM (
    SELECT answer_id, note FROM review r
    WHERE note <> '' AND id = (SELECT max(id) FROM review WHERE answer_id = r.answer_id AND reviewer = r.reviewer) ORDER BY id)
  GROUP BY 1;
INSERT INTO answer_text (answer_text) VALUES ('delete-all');
INSERT INTO answer_text (rowid, body)
  SELECT id, search_text(coalesce(answer, '') || ' ' || question || ' ' || source) FROM answer WHERE id NOT IN (SELECT answer_id FROM noted) ORDER BY id;
INSERT INTO answer_text (rowid, body)
  SELECT id, search_text(coalesce(answer, '') || ' ' || question || ' ' || source || ' ' || notes) FROM answer JOIN noted ON answer_id = id;
DROP TABLE noted;
)sql";

// A note or a taking back repeats the person's earlier judgement in a row of its own. It must not count as said anew, so each
// row tells since which one its judgement stands: a step that follows another one (origin) is as old as that. A note that was
// emptied looks like a judgement of the Live page, and is left as one. Reasons are found by their words, too.
constexpr const char *kStanding = R"sql(
ALTER TABLE review ADD COLUMN stands_since INTEGER REFERENCES review (id);  -- NULL: it was said by this row
ALTER TABLE hold ADD COLUMN undoes INTEGER REFERENCES hold (id);            -- the row that this one takes back

CREATE TABLE origin (id INTEGER PRIMARY KEY, before_id INTEGER NOT NULL) STRICT;
INSERT INTO origin
  SELECT undo.id, max(earlier.id) FROM review undo
    JOIN review earlier ON earlier.answer_id = undo.answer_id AND earlier.reviewer = undo.reviewer AND earlier.id < undo.undoes
  WHERE earlier.undoes IS NULL
    AND NOT EXISTS (SELECT 1 FROM review WHERE answer_id = undo.answer_id AND undoes = earlier.id AND id < undo.id)
  GROUP BY 1;
INSERT INTO origin
  SELECT noted.id, earlier.id FROM review noted JOIN review earlier ON earlier.id = (
      SELECT max(id) FROM review WHERE answer_id = noted.answer_id AND reviewer = noted.reviewer AND id < noted.id)
  WHERE noted.undoes IS NULL AND noted.reason = '' AND noted.note <> '' AND noted.note <> earlier.note
    AND noted.judgement IS earlier.judgement AND noted.defect_class = earlier.defect_class;
CREATE INDEX origin_by_before ON origin (before_id);
WITH RECURSIVE chain (id, since) AS (
    SELECT before_id, before_id FROM origin WHERE before_id NOT IN (SELECT id FROM origin)
    UNION SELECT origin.id, since FROM chain JOIN origin ON before_id = chain.id)
  UPDATE review SET stands_since = since FROM chain WHERE review.id = chain.id AND since <> chain.id;
DROP TABLE origin;

CREATE TABLE counted AS
  SELECT DISTINCT answer_id, (
      SELECT id FROM review standing
      WHERE answer_id = review.answer_id AND judgement IS NOT NULL
        AND id = (SELECT max(id) FROM review WHERE answer_id = standing.answer_id AND reviewer = standing.reviewer)
      ORDER BY coalesce(stands_since, id) DESC LIMIT 1) AS review_id
  FROM review WHERE stands_since IS NOT NULL;
UPDATE facet SET review_id = review.id, judgement = CASE review.judgement WHEN 'OK' THEN 1 WHEN 'NG' THEN 2 ELSE 3 END,
    class_id = coalesce((SELECT id FROM defect_class WHERE name = review.defect_class), 0),
    disagrees = review.judgement IS NOT answer.verdict
      OR EXISTS (SELECT 1 FROM judged WHERE judged.answer_id = answer.id
                 AND judged.judgement <> CASE review.judgement WHEN 'OK' THEN 1 WHEN 'NG' THEN 2 ELSE 3 END)
  FROM counted JOIN review ON review.id = counted.review_id JOIN answer ON answer.id = counted.answer_id
  WHERE facet.answer_id = counted.answer_id AND facet.review_id IS NOT review.id;
DROP TABLE counted;
DELETE FROM hour_count;
INSERT INTO hour_count
  SELECT time_utc_ms / 3600000, question_id, source_id, model_id, verdict, judgement, is_failed, count(*)
  FROM facet GROUP BY 1, 2, 3, 4, 5, 6, 7;

CREATE TABLE written AS
  SELECT answer_id, coalesce(group_concat(nullif(note, ''), ' '), '') AS notes, group_concat(reason || ' ' || note, ' ') AS words FROM (
    SELECT answer_id, reason, note FROM review r
    WHERE (reason <> '' OR note <> '') AND id = (SELECT max(id) FROM review WHERE answer_id = r.answer_id AND reviewer = r.reviewer) ORDER BY id)
  GROUP BY 1 HAVING max(reason) <> '';
INSERT INTO answer_text (answer_text, rowid, body)
  SELECT 'delete', id, search_text(coalesce(answer, '') || ' ' || question || ' ' || source || ' ' || notes) FROM answer JOIN written ON answer_id = id;
INSERT INTO answer_text (rowid, body)
  SELECT id, search_text(coalesce(answer, '') || ' ' || question || ' ' || source || ' ' || words) FROM answer JOIN written ON answer_id = id;
DROP TABLE written;
)sql";

constexpr std::array kMigrations = {Migration{1, kFirstSchema}, Migration{2, kReviews}, Migration{3, kFacets}, Migration{4, kSessions},
                                    Migration{5, kBatches}, Migration{6, kSettings}, Migration{7, kStanding}};

} // namespace

std::span<const Migration> migrations() { return kMigrations; }

int newestSchemaVersion() { return kMigrations.back().toVersion; }

Result<void> migrate(const Database &database, int fromVersion, std::span<const Migration> steps)
{
    const auto failed = [&](const Error &error) -> Failure {
        if (error.code != code::Internal && error.code != code::DatabaseDamaged)
            return failure(error);
        return failure(code::DatabaseMigration,
                       "database could not be brought up to date (" + error.message + "); the old one is unchanged",
                       database.file().filename().string());
    };
    const Result<std::unique_ptr<TransactionGuard>> transaction = TransactionGuard::begin(database);
    if (!transaction)
        return failed(transaction.error());
    for (const Migration &step : steps) {
        if (step.toVersion <= fromVersion)
            continue;
        const std::string version = "; PRAGMA user_version = " + std::to_string(step.toVersion);
        if (const Result<void> done = database.run(step.sql + version); !done)
            return failed(done.error());
    }
    if (const Result<void> marked = database.run("PRAGMA application_id = " + std::to_string(kApplicationId)); !marked)
        return failed(marked.error());
    if (const Result<void> committed = (*transaction)->commit(); !committed)
        return failed(committed.error());
    return {};
}

} // namespace auroraedge::app
