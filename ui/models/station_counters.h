#pragma once

#include <QtGlobal>

namespace auroraedge::ui {

/// Figures of the status bar; sent at most a few times a second.
struct StationCounters
{
    double sourceFps = 0;
    quint64 framesReplaced = 0; ///< frames that a newer one replaced before they were shown or asked about
    qint64 rowsStored = 0;      ///< in the database
    int rowsWaiting = 0;        ///< answers not yet committed
};

} // namespace auroraedge::ui
