#pragma once

#include "engine/api/result.h"

#include <chrono>
#include <filesystem>
#include <memory>

namespace auroraedge::app {

/// Who has the database open for writing, of any process: a lock on a file beside it that all of them share.
///
/// A damaged database is put aside under another name. A program that has it open would go on writing into the renamed file,
/// and what it acknowledges would be missing in the new one, so only who is alone may put it aside.
class StoreUsers final
{
public:
    /// Counts as one of them until the end of its life. @return FS-07 when the file beside the database cannot be made, DB-01
    /// when somebody is alone for longer than @p patience.
    static Result<std::unique_ptr<StoreUsers>> join(const std::filesystem::path &file, std::chrono::milliseconds patience = std::chrono::seconds(5));
    StoreUsers(const StoreUsers &) = delete;
    StoreUsers &operator=(const StoreUsers &) = delete;
    ~StoreUsers();

    /// @return whether there is nobody else; then nobody joins until letOthersJoin(). If there is, this is none of them any
    /// more: the kernel takes one lock away before it refuses the other.
    [[nodiscard]] bool beAlone() const;
    void letOthersJoin() const;

private:
    explicit StoreUsers(int descriptor) : m_descriptor(descriptor) {}

    int m_descriptor;
};

} // namespace auroraedge::app
