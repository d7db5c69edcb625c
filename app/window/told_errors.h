#pragma once

#include "engine/api/result.h"

#include <QString>

#include <string_view>

namespace auroraedge::app {

/// An error in the language of the window: the sentence that translators gave its code, with its object. Where there is
/// none, and in English, its own sentence, which says more. Thread: any.
[[nodiscard]] QString sentenceOf(const Error &error);
/// The same of what is stored: @p code may be one of another version, and @p ownSentence empty, as that of an answer is.
[[nodiscard]] QString sentenceOf(std::string_view code, std::string_view ownSentence);

/// The same with its code in front: "FS-09: the disk is full".
[[nodiscard]] QString toldError(const Error &error);

/// What stands behind "Details": the object, and the error's own sentence where sentenceOf() tells another one.
[[nodiscard]] QString detailOf(const Error &error);

/// A line of another program of this house, "FS-09: the disk is full", with its own sentence behind the translated one. A line
/// without a code stays as it is.
[[nodiscard]] QString toldLine(const QString &line);

/// What the engine says without a code, in the language of the window: a warning, a reason, a part of a model. Thread: any.
[[nodiscard]] QString wordsOf(std::string_view engineSentence);

/// What a desk tells when a worker takes nothing more: too much waits for the disk.
[[nodiscard]] Error diskBusy();

} // namespace auroraedge::app
