#include "app/storage/answer_rows.h"

#include "app/storage/facet_rows.h"
#include "app/storage/picture_rows.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_map>

namespace auroraedge::app {
namespace {

// One list for writing and reading, so that the two cannot drift apart.
constexpr const char *kColumns
    = "time_utc_ms, source, frame_sequence, source_sha256, picture_sha256, width_px, height_px, roi_x, roi_y,"
      " roi_width, roi_height, question, answer, probability, verdict, code, message, device, precision,"
      " tokens_visual, tokens_prompt, tokens_answer, encoder_reused, load_ms, decode_ms, preprocess_ms, encode_ms,"
      " project_ms, compress_ms, fuse_ms, prefill_ms, first_token_ms, per_token_ms, total_ms";

/// Of a database of the sixth schema or a later one.
constexpr const char *kLaterColumns
    = "max_tokens, temperature, seed, choices, golden, app_version, finding_probability, finding_score, finding_answer_score,"
      " finding_patch_score, finding_class, finding_x, finding_y, finding_width, finding_height";

constexpr double StageLatencies::*kLatencies[]
    = {&StageLatencies::loadMs,     &StageLatencies::decodeMs,     &StageLatencies::preprocessMs,
       &StageLatencies::encodeMs,   &StageLatencies::projectMs,    &StageLatencies::compressMs,
       &StageLatencies::fuseMs,     &StageLatencies::prefillMs,    &StageLatencies::firstTokenMs,
       &StageLatencies::perTokenMs, &StageLatencies::totalMs};

/// @p columns, each of the table answer: others have some of the same names.
std::string answerColumns(const char *columns)
{
    std::string named = std::string("answer.") + columns;
    for (std::size_t at = named.find(", "); at != std::string::npos; at = named.find(", ", at + 2))
        named.insert(at + 2, "answer.");
    return named;
}

/// @p each in the place of every one of @p columns.
std::string inPlaceOf(std::string_view columns, const std::string &each)
{
    std::string list = each;
    for (auto left = std::ranges::count(columns, ','); left > 0; --left)
        list += ", " + each;
    return list;
}

/// Hands out parameter or column numbers in the order of the columns.
class Place final
{
public:
    explicit Place(int first) : m_next(first) {}
    int next() { return m_next++; }

private:
    int m_next;
};

Result<std::int64_t> modelId(const Database &database, const AnswerRecord &record)
{
    Result<Statement> insert = database.prepare("INSERT OR IGNORE INTO model (name, sha256) VALUES (?, ?)");
    if (!insert)
        return failure(insert.error());
    if (const Result<void> done = insert->bind(1, record.modelName).bind(2, record.modelSha256).run(); !done)
        return failure(done.error());
    Result<Statement> find = database.prepare("SELECT id FROM model WHERE name = ? AND sha256 = ?");
    if (!find)
        return failure(find.error());
    const Result<bool> row = find->bind(1, record.modelName).bind(2, record.modelSha256).step();
    if (!row)
        return failure(row.error());
    return find->integer(0);
}

Result<void> noteUse(const Database &database, std::int64_t model, std::int64_t timeUtcMs)
{
    Result<Statement> update = database.prepare(
        "UPDATE model SET first_used_utc_ms = CASE first_used_utc_ms WHEN 0 THEN ?2 ELSE min(first_used_utc_ms, ?2) END,"
        " last_used_utc_ms = max(last_used_utc_ms, ?2) WHERE id = ?1");
    if (!update)
        return failure(update.error());
    return update->bind(1, model).bind(2, timeUtcMs).run();
}

/// "(3, 5, 8)"
std::string listOf(std::span<const std::int64_t> rows)
{
    std::string list = "(";
    for (const std::int64_t row : rows)
        list += (list.size() == 1 ? "" : ", ") + std::to_string(row);
    return list + ")";
}

constexpr char kBetweenTags[] = "\x1F"; ///< no name of a tag has it

/// What stands behind the answer's columns: the review that counts, and what was done to it. A reader never brings a database
/// up to date, so it may meet one without sessions, without facets or without reviews.
Result<Statement> prepareSelect(const Database &database, const std::string &rest)
{
    const Result<std::int64_t> version = database.number("PRAGMA user_version");
    if (!version)
        return failure(version.error());
    constexpr int kReviewsSince = 2, kFacetsSince = 3, kSessionsSince = 4, kSettingsSince = 6;
    const bool hasFacets = *version >= kFacetsSince;
    const std::string columns = hasFacets ? "reviewed_utc_ms, review.judgement, reason, reviewer, defect_class, note"
        : *version >= kReviewsSince       ? "reviewed_utc_ms, judgement, reason, reviewer, '', ''"
                                          : "NULL, NULL, NULL, NULL, NULL, NULL";
    const std::string marks = *version >= kSessionsSince
        ? "coalesce(answer.session_id, 0), is_held, picture.removed_utc_ms, (SELECT group_concat(name, char(31)) FROM (SELECT name FROM tagged"
          " JOIN tag ON tag.id = tag_id WHERE tagged.answer_id = answer.id ORDER BY name))"
        : "0, 0, NULL, NULL";
    const std::string reviews = hasFacets
        ? "LEFT JOIN facet ON facet.answer_id = answer.id LEFT JOIN review ON review.id = facet.review_id "
        : *version >= kReviewsSince ? "LEFT JOIN review ON review.id = (SELECT max(id) FROM review WHERE answer_id = answer.id) "
                                    : "";
    const std::string later = *version >= kSettingsSince ? answerColumns(kLaterColumns) : inPlaceOf(kLaterColumns, "NULL");
    return database.prepare("SELECT " + answerColumns(kColumns) + ", answer.id, model.name, model.sha256, picture.path, picture.bytes, "
                            + columns + ", " + marks + ", " + later
                            + " FROM answer JOIN model ON model.id = answer.model_id LEFT JOIN picture ON picture.sha256 = picture_sha256 " + reviews + rest);
}

std::vector<std::string> tagsOf(const std::string &joined)
{
    std::vector<std::string> tags;
    for (std::size_t begin = 0; begin < joined.size();) {
        const std::size_t end = std::min(joined.find(kBetweenTags, begin), joined.size());
        tags.push_back(joined.substr(begin, end - begin));
        begin = end + 1;
    }
    return tags;
}

std::string choicesText(const std::vector<std::string> &choices)
{
    return choices.empty() ? std::string() : nlohmann::json(choices).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

/// Nothing for a text that choicesText() did not make.
std::optional<std::vector<std::string>> choicesOf(const std::string &text)
{
    std::vector<std::string> choices;
    if (text.empty())
        return choices;
    const nlohmann::json array = nlohmann::json::parse(text, nullptr, false);
    if (!array.is_array() || !std::ranges::all_of(array, [](const nlohmann::json &choice) { return choice.is_string(); }))
        return std::nullopt;
    array.get_to(choices);
    return choices;
}

/// kLaterColumns, from @p column.
void readLater(const Statement &row, int column, AnswerRecord &record)
{
    Place at(column);
    const int maxTokens = at.next(), temperature = at.next(), seed = at.next();
    if (std::optional<std::vector<std::string>> choices = choicesOf(row.text(at.next())); choices && !row.isNull(maxTokens)) {
        record.options.emplace();
        record.options->maxNewTokens = static_cast<int>(row.integer(maxTokens));
        record.options->temperature = row.real(temperature);
        record.options->seed = static_cast<std::uint64_t>(row.integer(seed));
        record.options->choices = *std::move(choices);
    }
    record.golden = row.text(at.next());
    record.appVersion = row.text(at.next());
    const int probability = at.next();
    if (row.isNull(probability))
        return;
    ProductFinding &finding = record.finding.emplace();
    finding.probability = row.real(probability);
    finding.score = row.real(at.next());
    finding.answerScore = row.real(at.next());
    if (const int patch = at.next(); !row.isNull(patch))
        finding.patchScore = row.real(patch);
    finding.className = row.text(at.next());
    for (int PixelBox::*side : {&PixelBox::x, &PixelBox::y, &PixelBox::width, &PixelBox::height})
        finding.worstTile.*side = static_cast<int>(row.integer(at.next()));
}

void bindLater(Statement &insert, Place &at, const AnswerRecord &record)
{
    const std::optional<GenerationOptions> &options = record.options;
    insert.bind(at.next(), options ? std::optional(std::int64_t{options->maxNewTokens}) : std::nullopt);
    insert.bind(at.next(), options ? std::optional(options->temperature) : std::nullopt);
    insert.bind(at.next(), options ? std::optional(static_cast<std::int64_t>(options->seed)) : std::nullopt);
    insert.bind(at.next(), options ? std::optional(choicesText(options->choices)) : std::nullopt);
    insert.bind(at.next(), options ? std::optional(record.golden) : std::nullopt);
    insert.bind(at.next(), AURORAEDGE_VERSION);
    const std::optional<ProductFinding> &finding = record.finding;
    for (double ProductFinding::*number : {&ProductFinding::probability, &ProductFinding::score, &ProductFinding::answerScore})
        insert.bind(at.next(), finding ? std::optional(*finding.*number) : std::nullopt);
    insert.bind(at.next(), finding ? finding->patchScore : std::nullopt);
    insert.bind(at.next(), finding ? std::optional(finding->className) : std::nullopt);
    for (int PixelBox::*side : {&PixelBox::x, &PixelBox::y, &PixelBox::width, &PixelBox::height})
        insert.bind(at.next(), finding ? std::optional(std::int64_t{finding->worstTile.*side}) : std::nullopt);
}

AnswerRecord readRow(const Statement &row)
{
    AnswerRecord record;
    Place column(0);
    record.timeUtcMs = row.integer(column.next());
    record.source = row.text(column.next());
    record.frameSequence = static_cast<std::uint64_t>(row.integer(column.next()));
    record.sourceSha256 = row.text(column.next());
    record.pictureSha256 = row.text(column.next());
    record.pictureWidthPx = static_cast<int>(row.integer(column.next()));
    record.pictureHeightPx = static_cast<int>(row.integer(column.next()));
    const int roi = column.next();
    for (int i = 1; i < 4; ++i)
        column.next();
    if (!row.isNull(roi))
        record.roi = PixelBox{static_cast<int>(row.integer(roi)), static_cast<int>(row.integer(roi + 1)),
                              static_cast<int>(row.integer(roi + 2)), static_cast<int>(row.integer(roi + 3))};
    record.question = row.text(column.next());
    if (const int at = column.next(); !row.isNull(at))
        record.answer = row.text(at);
    if (const int at = column.next(); !row.isNull(at))
        record.probability = row.real(at);
    record.verdict = verdictFromName(row.text(column.next()));
    record.code = row.text(column.next());
    record.message = row.text(column.next());
    record.device = row.text(column.next());
    record.precision = row.text(column.next());
    record.tokens.visual = static_cast<int>(row.integer(column.next()));
    record.tokens.prompt = static_cast<int>(row.integer(column.next()));
    record.tokens.answer = static_cast<int>(row.integer(column.next()));
    record.encoderReused = row.integer(column.next()) != 0;
    for (const auto member : kLatencies)
        record.latency.*member = row.real(column.next());
    record.row = row.integer(column.next());
    record.modelName = row.text(column.next());
    record.modelSha256 = row.text(column.next());
    record.picturePath = row.text(column.next());
    record.pictureBytes = row.integer(column.next());
    const int review = column.next();
    if (!row.isNull(review))
        record.review = ReviewRecord{record.row, row.integer(review),
                                     verdictFromName(row.text(review + 1)).value_or(Verdict::Unsure), row.text(review + 2),
                                     row.text(review + 3), row.text(review + 4), row.text(review + 5)};
    const int marks = review + 6;
    record.session = row.integer(marks);
    record.isHeld = row.integer(marks + 1) != 0;
    if (!row.isNull(marks + 2))
        record.pictureRemovedUtcMs = row.integer(marks + 2);
    record.tags = tagsOf(row.text(marks + 3));
    readLater(row, marks + 4, record);
    return record;
}

Result<std::vector<AnswerRecord>> readAll(Statement &statement)
{
    std::vector<AnswerRecord> records;
    if (const Result<void> read = forEachRow(statement, [&](const Statement &row) { records.push_back(readRow(row)); }); !read)
        return failure(read.error());
    return records;
}

/// The reviews of the answers in the list @p rows, newest first.
Result<Statement> prepareReviews(const Database &database, const std::string &rows)
{
    return database.prepare("SELECT answer_id, id, reviewed_utc_ms, judgement, reason, reviewer, defect_class, note, coalesce(undoes, 0),"
                            " EXISTS (SELECT 1 FROM review later WHERE later.answer_id = review.answer_id AND later.undoes = review.id)"
                            " FROM review WHERE answer_id IN " + rows + " ORDER BY id DESC");
}

} // namespace

Result<std::int64_t> insertRow(const Database &database, const AnswerRecord &record)
{
    const Result<std::int64_t> model = modelId(database, record);
    if (!model)
        return failure(model.error());
    if (const Result<void> used = noteUse(database, *model, record.timeUtcMs); !used)
        return failure(used.error());
    if (!record.pictureSha256.empty()) {
        if (const Result<void> done = insertPicture(database, record); !done)
            return failure(done.error());
    }

    const std::string columns = std::string("model_id, session_id, ") + kColumns + ", " + kLaterColumns;
    Result<Statement> insert = database.prepare("INSERT INTO answer (" + columns + ") VALUES (" + inPlaceOf(columns, "?") + ")");
    if (!insert)
        return failure(insert.error());
    Place at(1);
    insert->bind(at.next(), *model);
    if (record.session > 0)
        insert->bind(at.next(), record.session);
    else
        insert->bindNull(at.next());
    insert->bind(at.next(), record.timeUtcMs);
    insert->bind(at.next(), record.source);
    insert->bind(at.next(), static_cast<std::int64_t>(record.frameSequence));
    insert->bind(at.next(), record.sourceSha256);
    if (record.pictureSha256.empty())
        insert->bindNull(at.next());
    else
        insert->bind(at.next(), record.pictureSha256);
    insert->bind(at.next(), record.pictureWidthPx);
    insert->bind(at.next(), record.pictureHeightPx);
    for (int PixelBox::*side : {&PixelBox::x, &PixelBox::y, &PixelBox::width, &PixelBox::height}) {
        if (record.roi)
            insert->bind(at.next(), *record.roi.*side);
        else
            insert->bindNull(at.next());
    }
    insert->bind(at.next(), record.question);
    insert->bind(at.next(), record.answer);
    insert->bind(at.next(), record.probability);
    if (record.verdict)
        insert->bind(at.next(), verdictName(*record.verdict));
    else
        insert->bindNull(at.next());
    insert->bind(at.next(), record.code);
    insert->bind(at.next(), record.message);
    insert->bind(at.next(), record.device);
    insert->bind(at.next(), record.precision);
    insert->bind(at.next(), record.tokens.visual);
    insert->bind(at.next(), record.tokens.prompt);
    insert->bind(at.next(), record.tokens.answer);
    insert->bind(at.next(), record.encoderReused ? 1 : 0);
    for (const auto member : kLatencies)
        insert->bind(at.next(), record.latency.*member);
    bindLater(*insert, at, record);
    if (const Result<void> done = insert->run(); !done)
        return failure(done.error());
    const std::int64_t row = database.lastInsertedRow();
    if (const Result<void> indexed = insertFacet(database, row); !indexed)
        return failure(indexed.error());
    return row;
}

Result<void> insertReviewRow(const Database &database, const ReviewRecord &review)
{
    const ReviewDecision decision{review.answerRow, review.timeUtcMs, review.verdict, review.defectClass,
                                  review.note.empty() ? std::nullopt : std::optional(review.note), review.reviewer, review.reason};
    const Result<std::int64_t> row = insertDecisionRow(database, decision);
    return row ? Result<void>() : failure(row.error());
}

Result<std::int64_t> insertDecisionRow(const Database &database, const ReviewDecision &decision)
{
    Result<Statement> insert = database.prepare(
        "WITH before AS (SELECT * FROM review WHERE answer_id = ?1 AND reviewer = ?2 ORDER BY id DESC LIMIT 1)"
        " INSERT INTO review (answer_id, reviewed_utc_ms, judgement, reason, reviewer, defect_class, note, stands_since)"
        " SELECT ?1, ?3, CASE WHEN ?4 IS NULL THEN judgement ELSE ?4 END, CASE WHEN ?4 IS NULL THEN coalesce(reason, '') ELSE ?7 END, ?2,"
        "   CASE WHEN ?4 IS NULL THEN coalesce(defect_class, '') ELSE ?5 END, coalesce(?6, note, ''),"
        "   CASE WHEN ?4 IS NULL THEN coalesce(stands_since, id) END"
        " FROM (SELECT 1) LEFT JOIN before");
    if (!insert)
        return failure(insert.error());
    insert->bind(1, decision.answerRow).bind(2, decision.reviewer).bind(3, decision.timeUtcMs);
    if (decision.verdict)
        insert->bind(4, verdictName(*decision.verdict));
    else
        insert->bindNull(4);
    insert->bind(5, decision.defectClass);
    if (decision.note)
        insert->bind(6, std::string_view(*decision.note));
    else
        insert->bindNull(6);
    insert->bind(7, decision.reason);
    if (const Result<void> done = insert->run(); !done)
        return failure(done.error());
    const std::int64_t review = database.lastInsertedRow();
    if (const Result<void> refreshed = refreshFacet(database, decision.answerRow, review); !refreshed)
        return failure(refreshed.error());
    return review;
}

Result<std::int64_t> insertUndoRow(const Database &database, std::int64_t answerRow, const std::string &reviewer, std::int64_t nowUtcMs)
{
    // What is taken back is the person's newest row that is neither taken back nor a taking back itself; what stands then is
    // what stood before it.
    Result<Statement> insert = database.prepare(
        "WITH own AS (SELECT * FROM review WHERE answer_id = ?1 AND reviewer = ?2 AND undoes IS NULL"
        "   AND id NOT IN (SELECT undoes FROM review WHERE answer_id = ?1 AND undoes IS NOT NULL) ORDER BY id DESC LIMIT 2),"
        " undone AS (SELECT max(id) AS id FROM own)"
        " INSERT INTO review (answer_id, reviewed_utc_ms, judgement, reason, reviewer, defect_class, note, undoes, stands_since)"
        " SELECT ?1, ?3, before.judgement, coalesce(before.reason, ''), ?2, coalesce(before.defect_class, ''), coalesce(before.note, ''),"
        "   undone.id, coalesce(before.stands_since, before.id) FROM undone LEFT JOIN own before ON before.id < undone.id WHERE undone.id IS NOT NULL");
    if (!insert)
        return failure(insert.error());
    if (const Result<void> done = insert->bind(1, answerRow).bind(2, reviewer).bind(3, nowUtcMs).run(); !done)
        return failure(done.error());
    const Result<std::int64_t> inserted = database.number("SELECT changes()");
    if (!inserted)
        return failure(inserted.error());
    if (*inserted == 0)
        return 0;
    const std::int64_t review = database.lastInsertedRow();
    if (const Result<void> refreshed = refreshFacet(database, answerRow, review); !refreshed)
        return failure(refreshed.error());
    return review;
}

Result<std::map<std::int64_t, std::vector<ReviewEntry>>> selectReviewsOf(const Database &database, std::span<const std::int64_t> answerRows)
{
    Result<Statement> statement = prepareReviews(database, listOf(answerRows));
    if (!statement)
        return failure(statement.error());
    std::map<std::int64_t, std::vector<ReviewEntry>> histories;
    const Result<void> read = forEachRow(*statement, [&](const Statement &row) {
        ReviewEntry entry;
        entry.id = row.integer(1);
        entry.isJudgement = !row.isNull(3);
        entry.review = {row.integer(0), row.integer(2), verdictFromName(row.text(3)).value_or(Verdict::Unsure), row.text(4), row.text(5), row.text(6),
                        row.text(7)};
        entry.undoes = row.integer(8);
        entry.wasUndone = row.integer(9) != 0;
        histories[entry.review.answerRow].push_back(std::move(entry));
    });
    if (!read)
        return failure(read.error());
    return histories;
}

Result<std::vector<ReviewEntry>> selectReviews(const Database &database, std::int64_t answerRow)
{
    Result<std::map<std::int64_t, std::vector<ReviewEntry>>> histories = selectReviewsOf(database, {&answerRow, 1});
    if (!histories)
        return failure(histories.error());
    return std::move((*histories)[answerRow]);
}

std::vector<ReviewNote> notesOf(std::span<const ReviewEntry> newestFirst)
{
    std::vector<ReviewNote> notes;
    std::vector<std::string> seen;
    for (const ReviewEntry &entry : newestFirst) {
        if (std::ranges::find(seen, entry.review.reviewer) != seen.end())
            continue;
        seen.push_back(entry.review.reviewer);
        if (!entry.review.note.empty())
            notes.push_back({entry.review.reviewer, entry.review.note, entry.review.timeUtcMs});
    }
    return notes;
}

Result<void> addNotes(const Database &database, std::span<AnswerRecord> records)
{
    std::vector<std::int64_t> rows;
    for (const AnswerRecord &record : records)
        rows.push_back(record.row);
    Result<std::map<std::int64_t, std::vector<ReviewEntry>>> histories = selectReviewsOf(database, rows);
    if (!histories)
        return failure(histories.error());
    for (AnswerRecord &record : records)
        record.notes = notesOf((*histories)[record.row]);
    return {};
}

Result<std::vector<AnswerRecord>> selectRecent(const Database &database, int limit)
{
    Result<Statement> statement = prepareSelect(database, "ORDER BY answer.id DESC LIMIT ?");
    if (!statement)
        return failure(statement.error());
    statement->bind(1, limit < 0 ? 0 : limit);
    return readAll(*statement);
}

Result<std::vector<AnswerRecord>> selectUnreviewedNgs(const Database &database, std::int64_t row, int limit)
{
    Result<Statement> statement = prepareSelect(database, "WHERE answer.id IN (SELECT answer_id FROM facet WHERE judgement = 0 AND verdict = 2"
                                                          " AND answer_id < ? ORDER BY answer_id DESC LIMIT ?) ORDER BY answer.id DESC");
    if (!statement)
        return failure(statement.error());
    statement->bind(1, row).bind(2, limit);
    return readAll(*statement);
}

Result<std::optional<AnswerRecord>> selectRow(const Database &database, std::int64_t row)
{
    Result<Statement> statement = prepareSelect(database, "WHERE answer.id = ?");
    if (!statement)
        return failure(statement.error());
    statement->bind(1, row);
    Result<std::vector<AnswerRecord>> records = readAll(*statement);
    if (!records)
        return failure(records.error());
    return records->empty() ? std::nullopt : std::optional(std::move(records->front()));
}

Result<std::vector<AnswerRecord>> selectRows(const Database &database, const std::vector<std::int64_t> &rows)
{
    Result<Statement> statement = prepareSelect(database, "WHERE answer.id IN " + listOf(rows));
    if (!statement)
        return failure(statement.error());
    Result<std::vector<AnswerRecord>> read = readAll(*statement);
    if (!read)
        return read;
    std::unordered_map<std::int64_t, std::size_t> places; // of the rows in what was read, which is in their own order
    for (std::size_t i = 0; i < read->size(); ++i)
        places.emplace((*read)[i].row, i);
    std::vector<AnswerRecord> records;
    for (const std::int64_t row : rows)
        if (const auto place = places.find(row); place != places.end())
            records.push_back(std::move((*read)[place->second]));
    return records;
}

Result<std::vector<AnswerRecord>> selectAbout(const Database &database, const std::string &pictureSha256)
{
    Result<Statement> statement = prepareSelect(database, "WHERE picture_sha256 = ?");
    if (!statement)
        return failure(statement.error());
    statement->bind(1, pictureSha256);
    return readAll(*statement);
}

Result<std::int64_t> countRows(const Database &database) { return database.number("SELECT count(*) FROM answer"); }

} // namespace auroraedge::app
