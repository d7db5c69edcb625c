#pragma once

#include "app/settings/instance_lock.h"
#include "engine/api/result.h"

#include <filesystem>
#include <memory>
#include <string_view>

namespace auroraedge::app {

/// A file of results: written beside its place, as "<place>.part", and moved there when it is whole. Until then an
/// older file stays; a run that fails leaves nothing of its own. Two programs that write the same place would mix their
/// bytes, so the second is kept out.
class OutFile final
{
public:
    /// Before anything is asked: a place that cannot be written is told at once.
    /// @param place absolute. @param mode 0600 for what nobody else may read. @return FS-07, FS-09, FS-10, FS-11; APP-01 while another program writes there.
    static Result<std::unique_ptr<OutFile>> create(const std::filesystem::path &place, unsigned mode = 0644);
    OutFile(const OutFile &) = delete;
    OutFile &operator=(const OutFile &) = delete;
    ~OutFile();

    Result<void> write(std::string_view bytes);
    /// Afterwards it lies at its place, on the disk. Nothing more can be written.
    Result<void> publish();

private:
    OutFile(const std::filesystem::path &place, InstanceLock lock);
    [[nodiscard]] Failure problem(int reason) const;

    std::filesystem::path m_place, m_unfinished;
    InstanceLock m_lock;
    int m_descriptor = -1;
};

} // namespace auroraedge::app
