#pragma once

#include "app/pipeline/library_worker.h"
#include "app/settings/data_folder.h"
#include "app/settings/shift_starts.h"
#include "ui/models/statistics_page.h"

#include <QObject>

#include <stop_token>

namespace auroraedge::ui {
struct ReviewFilter;
struct StatisticsExport;
class StatisticsPanel;
}

namespace auroraedge::app {

/// What the Statistics page counts and writes. Each part is told when it has been counted; another query, or the person,
/// stops what still runs. Sheets are drawn and written on a thread of their own, behind no count. Thread: GUI; it waits for no disk.
class StatisticsDesk final : public QObject
{
    Q_OBJECT

public:
    /// @param panel outlives the desk.
    StatisticsDesk(ui::StatisticsPanel &panel, const DataFolder &dataFolder, ShiftStarts shifts);
    ~StatisticsDesk() override;

private:
    void count(const ui::StatisticsQuery &query);
    void cancel();
    void write(const ui::StatisticsExport &wanted);

    template <typename Body>
    void post(Body body)
    {
        QMetaObject::invokeMethod(this, std::move(body), Qt::QueuedConnection);
    }

    ui::StatisticsPanel &m_panel;
    const std::filesystem::path m_dataFolder;
    const ShiftStarts m_shifts;
    ui::StatisticsPage m_page; ///< as far as it has been counted
    std::stop_source m_counting;
    LibraryWorker m_library, m_writer; ///< last: their threads use the above
};

} // namespace auroraedge::app
