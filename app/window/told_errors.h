#pragma once

#include "engine/api/result.h"

#include <QString>

namespace auroraedge::app {

/// An error in the language of the window: the sentence that translators gave its code, with its object. Where there is
/// none, and in English, its own sentence, which says more. Thread: GUI.
[[nodiscard]] QString sentenceOf(const Error &error);

/// What stands behind "Details": the object, and the error's own sentence where sentenceOf() tells another one.
[[nodiscard]] QString detailOf(const Error &error);

} // namespace auroraedge::app
