#pragma once

#include <QString>
#include <QtGlobal>

namespace auroraedge::ui {

enum class TriggerKind {
    Off = 1,  ///< a person asks
    Interval, ///< one asking every intervalSeconds
    Motion,   ///< one asking for each part that comes to rest
};

/// What asks without a person. The question is one of the presets, so that its answer has a rule.
struct TriggerSettings
{
    TriggerKind kind = TriggerKind::Off;
    int presetIndex = 0;
    double intervalSeconds = 5;   ///< 0.1 .. 3600
    double motionThreshold = 0.03; ///< share of the watched pixels that must change, 0.001 .. 1

    bool operator==(const TriggerSettings &) const = default;
};

/// What a trigger does now. Nothing queues: a trigger that comes while a question is being answered is skipped and counted.
struct TriggerState
{
    TriggerSettings settings;
    double motion = 0; ///< share of the watched pixels that changed last, 0..1
    quint64 asked = 0, skipped = 0; ///< since the trigger was switched on
};

} // namespace auroraedge::ui
