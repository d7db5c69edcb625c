#pragma once

#include "engine/api/result.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace auroraedge::app {

/// One thing that a person does, or waits for, at the window.
struct KeyStep
{
    enum class Kind {
        Page = 1, ///< goes to the page called `word`
        Key,      ///< presses `key`
        Type,     ///< types `word` letter by letter
        Click,    ///< presses the button called `word`
        Wait,     ///< until the state called `word` holds, with `detail`
        Memory,   ///< tells how much memory the program holds
    };
    Kind kind = Kind::Key;
    int line = 0; ///< of the log, from 1
    std::string word, detail;
    int key = 0; ///< Qt::Key
};

/// Reads a key log: one step a line, `#` begins a comment.
///
///     page live|review|statistics|models|about
///     key NAME         one key without Ctrl or Alt, as Qt writes it: A, 1, F1, /, Return, Esc, Space
///     type WORDS       the rest of the line, letter by letter
///     click NAME       the button with that object name
///     wait live        a picture of the source is on the screen
///     wait ready       and questions can be asked about it
///     wait answer      the question that runs is answered, and stored or told as not stored
///     wait items       the Review page shows answers
///     wait picture     it shows the whole picture of the one that is looked at
///     wait pictures    and those of all answers in view, but for the ones that there are not
///     wait statistics  the Statistics page has counted all that it was asked for
///     wait stored      all that was answered and judged is on the disk, or told as not stored
///     wait alarm CODE  a latched fault of that code stands in the bar; without CODE: any
///     wait quiet       no alarm stands
///     wait file NAME   that file exists: another program's turn is over
///     memory
///     repeat N         what follows up to `end`, N times; not inside another
///     end
///
/// @return CLI-01 with the line in its message: a log that is not understood whole is not begun.
Result<std::vector<KeyStep>> parseKeyLog(std::string_view text);
/// @return also FS-12 (there is none), FS-01 (cannot be read).
Result<std::vector<KeyStep>> readKeyLog(const std::filesystem::path &file);

} // namespace auroraedge::app
