#pragma once

#include <QString>
#include <QtGlobal>

#include <chrono>

namespace auroraedge::ui {

/// What belongs to a shown picture.
struct FrameStatus
{
    quint64 sequence = 0;                             ///< Frame::sequence; comes back in AskRequest
    std::chrono::steady_clock::time_point capturedAt; ///< the age badge counts from here
    QString source;                                   ///< URI without password
    bool showsAsked = false;                          ///< it shows what the newest question was about, and so has each one since
};

} // namespace auroraedge::ui
