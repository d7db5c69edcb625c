#pragma once

#include <QString>

namespace auroraedge::ui {

/// A stage of an answer, named for a person in the language of the window. @p id: "decode", "total" and so on; one that is
/// not known is given back.
[[nodiscard]] QString stageText(const QString &id);

} // namespace auroraedge::ui
