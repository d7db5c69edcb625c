#pragma once

#include "app/cli/commands.h"
#include "app/imaging/picture_decoder.h"
#include "app/inspection/presets.h"
#include "app/products/picture_score.h"
#include "app/products/product.h"
#include "app/settings/data_folder.h"
#include "app/storage/answer_store.h"

#include <memory>
#include <optional>
#include <string>

namespace auroraedge::app {

/// A picture as a command asks about it.
struct AskedPicture
{
    std::string path; ///< as the user gave it
    DecodedPicture decoded;
    std::optional<PixelBox> roi;
    double decodeMs = 0;

    /// What the model is shown; shares the pixels.
    [[nodiscard]] Frame shown() const { return roi ? cropped(decoded.frame, *roi) : decoded.frame; }
};

/// Reads the picture and checks @p roi ("x,y,w,h" or empty) against it.
/// @return what decodePicture() returns, and CLI-01 for a bad part.
Result<AskedPicture> readPicture(const std::string &path, const std::string &roi);

/// What the engine is told to load. @return MOD-21, CLI-01.
Result<LoadOptions> loadOptions(const CommonOptions &options, const DataFolder &dataFolder);

/// Loads the model with its progress on stderr. @return as Engine::load(), ENG-04.
Result<std::unique_ptr<Inspector>> loadInspector(const CommonOptions &options, const DataFolder &dataFolder,
                                                 const CliContext &context);

/// A part of a picture, with the maps that lie over it.
struct MappedPart
{
    PixelBox part;
    std::vector<PatchMap> maps;
};

/// Asks and stores: what `ask`, `caption`, `batch` and `demo` share.
class Questioner final
{
public:
    /// Opens the store (unless it is not wanted) and the model, in this order: a store that cannot be written is told
    /// before seconds are spent on loading.
    /// @param command of the session that the answers belong to; it ends with this object.
    static Result<std::unique_ptr<Questioner>> open(const CommonOptions &options, const std::string &command, const CliContext &context);
    Questioner(const Questioner &) = delete;
    Questioner &operator=(const Questioner &) = delete;
    ~Questioner();

    /// One answer, stored before it is returned. The verdict is given when @p rule has one. The question of a product's model,
    /// without choices, is answered by inspecting the picture tile by tile, with the product's own verdict.
    /// @return what checkFrame(), Inspector::ask() and AnswerStore::insertAnswer() return; for a product also CLI-01 (a golden
    /// picture is missing, or of no use) and what shownPicture() returns.
    Result<AnswerRecord> ask(const AskedPicture &picture, const std::string &question, const AskingOptions &options,
                             const AnswerRule *rule, const CliContext &context);

    /// What the patch head makes of the part that the last ask() was about; of a product's question, of the worst tile.
    /// @return as Inspector::patchMaps().
    Result<MappedPart> patchMaps(const AskedPicture &picture, const CliContext &context);

    /// Keeps a failure, and its picture if there is one, as a row of its own; returns the record as it is stored.
    Result<AnswerRecord> recordFailure(const std::string &path, const AskedPicture *picture,
                                       const std::string &question, const Error &error);

    [[nodiscard]] const ModelCard &card() const { return m_inspector->card(); }

private:
    Questioner() = default;
    AnswerRecord begin(const std::string &path, const AskedPicture *picture, const std::string &question) const;
    Result<AnswerRecord> answer(const AskedPicture &picture, const std::string &question, const AskingOptions &options, const AnswerRule *rule,
                                const CliContext &context);
    Result<AnswerRecord> inspect(const AskedPicture &picture, const AskingOptions &options, const CliContext &context);
    Result<void> store(AnswerRecord &record, const AskedPicture &picture);

    std::unique_ptr<AnswerStore> m_store; ///< null: nothing is stored
    std::unique_ptr<Inspector> m_inspector;
    std::optional<Product> m_product; ///< of the model, where it was taught one
    std::optional<PictureScore> m_lastScore; ///< of the last question, where it was the product's; places in the part shown
    double m_loadMs = 0;           ///< told with the first answer
    std::string m_lastPicturePath; ///< whose decoding was told already
};

} // namespace auroraedge::app
