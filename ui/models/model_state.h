#pragma once

#include <QList>
#include <QString>
#include <QStringList>

#include <utility>

namespace auroraedge::ui {

enum class ModelCondition { NotLoaded = 1, Loading, Ready, Failed };

/// The model as the operator sees it. After a failed load that kept the old model: Ready, with a fault beside it.
struct ModelState
{
    ModelCondition condition = ModelCondition::NotLoaded;
    QString name;         ///< "nano"
    QString folder;
    QString device;       ///< "cpu", "cuda:0"
    QString deviceReason; ///< one sentence
    QString precision;    ///< "fp32"
    double progress = 0;  ///< Loading: 0..1; below 0 = unknown
    QString sentence;     ///< Failed: why
    QString code;         ///< Failed: "MOD-12"
    qint64 parameters = 0;
    qint64 weightBytes = 0;
    double loadMs = 0;
    QString sha256;
    int visualTokens = 0;
    int maxQuestionTokens = 0;
    QStringList warnings;
};

} // namespace auroraedge::ui
