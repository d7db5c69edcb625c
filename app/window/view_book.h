#pragma once

#include "engine/api/result.h"
#include "ui/models/review_filter.h"

#include <filesystem>
#include <optional>

namespace auroraedge::app {

/// The saved views of the Review page, in a file of their own. Waits for the disk. Thread: one at a time.
class ViewBook final
{
public:
    /// A file that is missing is an empty book. What cannot be understood is kept, in the whole file, beside it as
    /// "<file>.damaged", and what can be goes on: notice() then says why. @return FS-01, FS-02, FS-07: nothing was touched.
    static Result<ViewBook> open(std::filesystem::path file);

    /// What the person must be told about opening: RCP-01, RCP-02 or RCP-04, its object the file that was kept.
    [[nodiscard]] const std::optional<Error> &notice() const { return m_notice; }
    [[nodiscard]] const ui::SavedViews &views() const { return m_views; }
    /// In the place of one of the same name. @return FS-07, FS-09, FS-10; the book is as it was then.
    Result<void> save(const ui::SavedView &view);
    Result<void> remove(const QString &name);

private:
    Result<void> write(ui::SavedViews views);

    std::filesystem::path m_file;
    std::optional<Error> m_notice;
    ui::SavedViews m_views;
};

} // namespace auroraedge::app
