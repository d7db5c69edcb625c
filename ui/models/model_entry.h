#pragma once

#include <QDateTime>
#include <QList>
#include <QPair>
#include <QString>
#include <QStringList>

#include <optional>

namespace auroraedge::ui {

/// What is known of a model's files since the program started.
enum class FilesState {
    Unchecked = 1,
    Good,
    Altered,  ///< ModelEntry::alteredFiles names them
    NoList,   ///< there is no SHA256SUMS to compare with
};

struct ModelSpeed
{
    double medianMs = 0, p95Ms = 0;
    int answers = 0;
    QDateTime measuredAt;
    QString device, precision; ///< that it was measured with
};

/// A model folder of this station.
struct ModelEntry
{
    QString folder, name;
    bool isShipped = false;
    qint64 fileBytes = 0;
    qint64 parameters = 0;                ///< 0: not known yet, or `problem` says why not
    QList<QPair<QString, QString>> facts = {}; ///< "vision": "256 wide, 6 layers, ..."
    QStringList warnings = {};
    QString problem = {}; ///< why it cannot be read; one sentence
    FilesState files = FilesState::Unchecked;
    QStringList alteredFiles = {};
    std::optional<ModelSpeed> speed = {}; ///< newest on this computer
};
using ModelEntries = QList<ModelEntry>;

/// A load with the device and precision that the operator chose.
struct ModelRequest
{
    QString folder;
    QString device;    ///< "auto", "cpu", "cuda:0"
    QString precision; ///< "auto", "fp32", "bf16"
};

/// What is done with a model besides loading it; one at a time.
struct ModelJob
{
    enum class Kind { None = 1, Importing, Checking, Measuring };
    Kind kind = Kind::None;
    QString folder;      ///< it is about
    double progress = 0; ///< 0..1; below 0 = unknown
    QString sentence;    ///< None: how the last one ended
    bool isFailure = false;
};

} // namespace auroraedge::ui
