#pragma once

#include "app/plugins/source_address.h"
#include "plugins/api/frame_source.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace auroraedge::app {

/// One library of the plugin folder.
struct SourcePlugin
{
    std::filesystem::path file;
    std::string name;
    std::vector<std::string> schemes;
    std::optional<Error> refusal; ///< PLG-01 or PLG-02; then it is never loaded
};

/// The source plugins of one folder. A library is loaded when a source of its kind is first made, and stays loaded.
/// Thread: discover() before threads are started (it sets environment variables); create() on any thread.
class SourceCatalogue final
{
public:
    /// Reads the metadata of each library in @p folder; runs none of their code. A folder that is not there holds none.
    /// Refused: PLG-01 (no plugin of ours, other interface version, debug build, other Qt), PLG-02 (writable by
    /// everybody, or a link out of the folder).
    static SourceCatalogue discover(const std::filesystem::path &folder);
    ~SourceCatalogue();
    SourceCatalogue(SourceCatalogue &&) noexcept;

    [[nodiscard]] const std::vector<SourcePlugin> &plugins() const;

    /// A source for @p address, not yet open. @return PLG-01 (nothing for this scheme, or it does not load), PLG-03 (it threw).
    Result<std::unique_ptr<plugins::FrameSource>> create(const SourceAddress &address) const;

private:
    struct Content;
    explicit SourceCatalogue(std::unique_ptr<Content> content);

    std::unique_ptr<Content> m_content;
};

} // namespace auroraedge::app
