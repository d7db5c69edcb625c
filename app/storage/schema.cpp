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

constexpr std::array kMigrations = {Migration{1, kFirstSchema}, Migration{2, kReviews}, Migration{3, kFacets}};

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
