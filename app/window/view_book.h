#pragma once

#include "engine/api/result.h"
#include "ui/models/review_filter.h"

#include <filesystem>

namespace auroraedge::app {

/// The saved views of the Review page, in a file of their own. Thread: one at a time.
class ViewBook final
{
public:
    /// A file that is missing is an empty book. @return as readJsonFile(), RCP-02.
    static Result<ViewBook> open(std::filesystem::path file);

    [[nodiscard]] const ui::SavedViews &views() const { return m_views; }
    /// In the place of one of the same name. @return FS-07, FS-09, FS-10; the book is as it was then.
    Result<void> save(const ui::SavedView &view);
    Result<void> remove(const QString &name);

private:
    Result<void> write(ui::SavedViews views);

    std::filesystem::path m_file;
    ui::SavedViews m_views;
};

} // namespace auroraedge::app
