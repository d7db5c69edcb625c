#pragma once

#include "engine/api/result.h"

#include <chrono>
#include <filesystem>
#include <memory>
#include <utility>

namespace auroraedge::app {

/// Lets one writer at a time, of any process, at the database: a flock on a file beside it.
///
/// SQLite 3.7.0 to 3.51.2 can lose committed pages when two connections write or checkpoint at the same time (the
/// WAL-reset fault). A command that stores an answer while the window runs would be such a second connection, so every
/// write, checkpoint, opening and closing of a writing connection happens inside a turn. Readers need none.
class WriteTurn final
{
public:
    /// @return FS-07 when the file beside the database cannot be made.
    static Result<std::unique_ptr<WriteTurn>> create(const std::filesystem::path &file);
    WriteTurn(const WriteTurn &) = delete;
    WriteTurn &operator=(const WriteTurn &) = delete;
    ~WriteTurn();

    /// Ends the turn at the end of its life.
    class Held final
    {
    public:
        explicit Held(int descriptor) : m_descriptor(descriptor) {}
        Held(Held &&other) noexcept : m_descriptor(std::exchange(other.m_descriptor, -1)) {}
        Held &operator=(Held &&) = delete;
        ~Held();

    private:
        int m_descriptor;
    };

    /// Waits for the turn. REQUIRES: not held by this object. @return DB-01 after @p patience.
    Result<Held> take(std::chrono::milliseconds patience = std::chrono::seconds(5));

private:
    explicit WriteTurn(int descriptor) : m_descriptor(descriptor) {}

    int m_descriptor;
};

} // namespace auroraedge::app
