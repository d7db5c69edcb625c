#pragma once

#include <QString>

namespace auroraedge::ui {

/// A standing fault or a refused action, told in a bar: cause, effect, one action. Never a dialog.
struct Fault
{
    enum class Severity { Warning = 1, Error };
    Severity severity = Severity::Error;
    QString topic;      ///< "source", "model", "database", "ask": a newer fault of a topic replaces the older one
    QString code;       ///< "DB-01"
    QString cause;      ///< one sentence
    QString effect;     ///< one sentence: what does not work now; may be empty
    QString actionId;   ///< comes back in faultActionChosen; empty: only Dismiss
    QString actionText; ///< "Choose source"
    QString detail;     ///< inner cause, shown and copied on demand; may be empty
    bool isStanding = false; ///< cannot be dismissed: another one of its topic, or clearFault, ends it
    bool isLatched = false; ///< an alarm: stands until a person dismisses it, whatever is cleared meanwhile
};

} // namespace auroraedge::ui
