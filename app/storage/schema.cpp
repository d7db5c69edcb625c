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

constexpr std::array kMigrations = {Migration{1, kFirstSchema}, Migration{2, kReviews}};

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
