#pragma once

#include <QList>
#include <QString>

namespace auroraedge::ui {

enum class SourceCondition {
    NotChosen = 1,
    Opening,
    Live,
    Lost,   ///< was live; is being reopened
    Failed, ///< could not be opened
    Ended,  ///< a file or folder ran to its end; the last picture stays and may be asked about
};

/// The picture source as the operator sees it.
struct SourceState
{
    SourceCondition condition = SourceCondition::NotChosen;
    QString uri;      ///< without password
    QString name;     ///< "Simulated line", "Logitech C920", "line3.mp4"
    QString sentence; ///< Lost, Failed: why, one translated sentence
    QString code;     ///< Lost, Failed: "CAM-02"
    bool isSimulated = false;
    bool isStill = false; ///< Live: its pictures are one and the same, and nobody can tell whether it hangs
};

/// One entry of the source chooser that the station offers (webcams, demonstration clips).
struct SourceOption
{
    QString uri;
    QString name;
    QString detail; ///< "USB 3-1, 1920 x 1080"; may be empty
};
using SourceOptions = QList<SourceOption>;

} // namespace auroraedge::ui
