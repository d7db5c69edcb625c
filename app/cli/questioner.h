#pragma once

#include "app/batch/asked_picture.h"
#include "app/cli/commands.h"
#include "app/inspection/presets.h"
#include "app/products/picture_score.h"
#include "app/products/product.h"
#include "app/settings/data_folder.h"
#include "app/storage/answer_store.h"

#include <memory>
#include <optional>
#include <string>

namespace auroraedge::app {

/// What the engine is told to load. @return MOD-21, CLI-01.
Result<LoadOptions> loadOptions(const CommonOptions &options, const DataFolder &dataFolder);

/// What the engine is told with a question.
[[nodiscard]] GenerationOptions generationOptions(const AskingOptions &options);

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

    [[nodiscard]] const ModelCard &card() const { return m_inspector->card(); }
    [[nodiscard]] Inspector &inspector() { return *m_inspector; }
    [[nodiscard]] AnswerStore *store() { return m_store.get(); } ///< null: nothing is stored
    [[nodiscard]] const std::optional<Product> &product() const { return m_product; }
    /// Whether @p question is the one that the model was taught, and so is answered by inspect().
    [[nodiscard]] bool isProducts(const std::string &question, const AskingOptions &options) const;

    // Parts of ask(), for a batch: nothing is stored.
    /// The record of a question without its answer.
    [[nodiscard]] AnswerRecord begin(const std::string &path, const AskedPicture *picture, const std::string &question, const AskingOptions &options) const;
    void enter(AnswerRecord &record, const Answer &answer) const;
    /// REQUIRES: a product's model. @return as ask().
    Result<AnswerRecord> inspect(const AskedPicture &picture, const AskingOptions &options, const CliContext &context);

private:
    Questioner() = default;
    Result<AnswerRecord> answer(const AskedPicture &picture, const std::string &question, const AskingOptions &options, const AnswerRule *rule,
                                const CliContext &context);
    Result<void> store(AnswerRecord &record, const AskedPicture &picture);

    std::unique_ptr<AnswerStore> m_store; ///< null: nothing is stored
    std::unique_ptr<Inspector> m_inspector;
    std::optional<Product> m_product; ///< of the model, where it was taught one
    std::optional<PictureScore> m_lastScore; ///< of the last question, where it was the product's; places in the part shown
    double m_loadMs = 0;           ///< told with the first answer
    std::string m_lastPicturePath; ///< whose decoding was told already
};

} // namespace auroraedge::app
