#pragma once

#include "engine/api/result.h"

#include <filesystem>
#include <optional>
#include <string>

namespace auroraedge::app {

/// Secrets by name in one folder: `passwords.json` holds them encrypted (XChaCha20-Poly1305, bound to their names),
/// `passwords.key` the key; both are for their owner alone (mode 0600). It keeps a secret out of everything else that is
/// written, shown or sent, and out of a stray copy of passwords.json. It does not keep it from who may read both files.
/// Thread: any; one at a time keeps or forgets, find() also beside it.
class PasswordStore final
{
public:
    explicit PasswordStore(std::filesystem::path folder) : m_folder(std::move(folder)) {}

    /// Nothing when none is kept. @return SET-01 when the file is damaged or was altered, or its key is gone; FS-*.
    [[nodiscard]] Result<std::optional<std::string>> find(const std::string &name) const;
    /// What find() says SET-01 of is put beside itself (damaged_file.h), and others begun. @return FS-*.
    Result<void> keep(const std::string &name, const std::string &secret);
    Result<void> forget(const std::string &name); ///< @return as find(), FS-*.

private:
    Result<void> add(const std::string &name, const std::string &secret);
    [[nodiscard]] std::filesystem::path secretsFile() const { return m_folder / "passwords.json"; }
    [[nodiscard]] std::filesystem::path keyFile() const { return m_folder / "passwords.key"; }

    std::filesystem::path m_folder;
};

} // namespace auroraedge::app
