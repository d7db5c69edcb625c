#pragma once

#include "ui/models/review_filter.h"

#include <QString>

namespace auroraedge::ui {

enum class ReviewExportKind { Csv = 1, Jsonl, TrainingSet };

/// All that a filter finds, as a file; of a training set what people have judged of it, as a folder.
struct ReviewExport
{
    ReviewExportKind kind = ReviewExportKind::Csv;
    ReviewFilter filter;
    QString filterWords; ///< the filter as a person reads it
    QString folder;      ///< in which it shall lie; empty: the usual one
};

/// Where an export stands.
struct ReviewExportState
{
    enum class Condition { Running = 1, Done, Failed, Cancelled };
    Condition condition = Condition::Running;
    qint64 rows = 0, total = -1; ///< done, and of all; below 0: not counted yet
    int secondsLeft = -1;        ///< below 0: not known yet
    QString place = {};          ///< Done: of the file or the folder
    QString sentence = {};       ///< Done: what is in it, may be empty; Failed: code and why
};

} // namespace auroraedge::ui
