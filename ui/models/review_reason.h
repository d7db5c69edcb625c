#pragma once

#include "ui/models/verdict.h"

#include <QList>
#include <QString>

namespace auroraedge::ui {

/// Why an answer is overruled, of a fixed list.
struct ReviewReason
{
    QString id;      ///< its English words, whatever the language of the window: what is stored
    Verdict verdict; ///< UNSURE: the picture cannot tell whether the part is good
};

[[nodiscard]] QList<ReviewReason> reviewReasons();

/// Of a stored reason, in the language of the window; one that is not in the list (of an older database, or of another
/// program) as it is.
[[nodiscard]] QString reasonText(const QString &stored);

} // namespace auroraedge::ui
