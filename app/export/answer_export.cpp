#include "app/export/answer_export.h"

#include "app/export/answer_lines.h"
#include "app/settings/out_file.h"
#include "app/storage/answer_query.h"
#include "app/storage/answer_rows.h"
#include "app/storage/answer_store.h"
#include "app/storage/database.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>

namespace auroraedge::app {

AnswerPages pagesOf(const AnswerReader &reader, const AnswerFilter &filter, const std::stop_token &stop)
{
    // They are looked for once: the words of a filter would be found anew, all of them, for each page.
    return [&reader, filter, stop, rows = std::optional<std::vector<std::int64_t>>(), begin = std::size_t{0}]() mutable -> Result<std::vector<AnswerRecord>> {
        constexpr std::size_t kRows = 1000;
        if (!rows) {
            Result<std::vector<std::int64_t>> matching = selectMatching(reader.database(), filter, stop);
            if (!matching)
                return failure(matching.error());
            rows = *std::move(matching);
        }
        const Database::Stoppable stoppable(reader.database(), stop);
        const std::size_t end = std::min(begin + kRows, rows->size());
        Result<std::vector<AnswerRecord>> page
            = selectRows(reader.database(), {rows->begin() + static_cast<std::ptrdiff_t>(begin), rows->begin() + static_cast<std::ptrdiff_t>(end)});
        if (!page)
            return page;
        if (const Result<void> noted = addNotes(reader.database(), *page); !noted)
            return failure(noted.error());
        begin = end;
        return page;
    };
}

Result<std::int64_t> exportAnswers(const AnswerPages &pages, ExportFormat format, const std::filesystem::path &place,
                                   bool replaces, const ExportProgress &progress, const std::stop_token &stop)
{
    std::error_code problem;
    if (!replaces && std::filesystem::exists(std::filesystem::symlink_status(place, problem)))
        return failure(code::Usage, place.string() + " is there already", place.string());
    const Result<std::unique_ptr<OutFile>> file = OutFile::create(place);
    if (!file)
        return failure(file.error());
    std::string text = format == ExportFormat::Csv ? storedAnswerCsvHeading() : std::string();
    for (std::int64_t rows = 0;;) {
        const Result<std::vector<AnswerRecord>> page = pages();
        if (!page)
            return failure(page.error());
        if (stop.stop_requested())
            return failure(code::Cancelled, "stopped after " + std::to_string(rows) + " rows; nothing was written", place.string());
        for (const AnswerRecord &record : *page)
            text += format == ExportFormat::Csv ? storedAnswerCsvLine(record) : oneLine(storedAnswerJson(record)) + "\n";
        if (const Result<void> written = (*file)->write(text); !written)
            return failure(written.error());
        text.clear();
        if (page->empty()) {
            const Result<void> published = (*file)->publish();
            return published ? Result<std::int64_t>(rows) : failure(published.error());
        }
        rows += static_cast<std::int64_t>(page->size());
        if (progress)
            progress(rows);
    }
}

} // namespace auroraedge::app
