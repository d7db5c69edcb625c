#pragma once

#include "app/cli/cli.h"
#include "app/storage/answer_store.h"

#include <filesystem>
#include <memory>

namespace auroraedge::app {

/// Opens the store and tells on stderr what the user must know of that. @return as AnswerStore::open().
Result<std::unique_ptr<AnswerStore>> openStore(const std::filesystem::path &dataFolder, IfDamaged ifDamaged, const CliContext &context);

} // namespace auroraedge::app
