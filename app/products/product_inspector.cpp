#include "app/products/product_inspector.h"

#include "app/imaging/registration.h"
#include "app/products/shown_pictures.h"

#include <chrono>
#include <filesystem>
#include <utility>

namespace auroraedge::app {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double kNoPromise = 2; ///< no probability reaches it

double msSince(Clock::time_point start) { return std::chrono::duration<double, std::milli>(Clock::now() - start).count(); }

/// @param region that was looked at.
ProductFinding findingOf(const PictureScore &score, const std::optional<PixelBox> &region)
{
    ProductFinding finding{score.probability, score.score, score.answerScore, score.patchScore, score.worstTile, score.className};
    if (region) {
        finding.worstTile.x += region->x;
        finding.worstTile.y += region->y;
    }
    return finding;
}

/// Least probability of the answer for a verdict to be given.
double promisedFrom(const Product &product, bool isBad)
{
    if (isBad)
        return product.ngFrom.value_or(kNoPromise);
    return product.okUpTo ? 1 - *product.okUpTo : kNoPromise;
}

class ProductInspector final : public Inspector
{
public:
    ProductInspector(std::unique_ptr<Inspector> inspector, Product product, FindingListener onFinding)
        : m_inspector(std::move(inspector)), m_product(std::move(product)), m_onFinding(std::move(onFinding)), m_card(m_inspector->card())
    {
        m_card.inspects = m_product.question;
        if (!m_product.okUpTo)
            m_card.warnings.push_back("no part is called OK by this product yet: too few good pictures were held out to promise it");
        if (const std::string_view now = precisionName(m_card.precision); !m_product.precision.empty() && m_product.precision != now)
            m_card.warnings.push_back("the thresholds of this product were chosen at " + m_product.precision + " and it runs at "
                                      + std::string(now) + ": evaluate it on reviewed pictures before its verdicts are relied on");
    }

    [[nodiscard]] const ModelCard &card() const override { return m_card; }
    [[nodiscard]] InspectorCounters counters() const override { return m_inspector->counters(); }

    Result<Answer> ask(const Frame &frame, const Question &question, const AskListener &listener, std::stop_token stop) override
    {
        tell({});
        if (question.text != m_product.question || !question.options.choices.empty() || frame.isEmpty())
            return withoutPromise(m_inspector->ask(frame, question, listener, std::move(stop)));
        const auto enter = [&](Stage stage) {
            if (listener.onStage)
                listener.onStage(stage);
        };
        enter(Stage::Preprocess);
        const Result<std::string> golden = goldenFor(m_product, m_card.folder, {}, frame.source);
        if (!golden)
            return failure(golden.error());
        enter(Stage::Encode);
        Result<ProductAnswer> answered = askProduct(*m_inspector, m_product, frame, question.region, *golden, std::move(stop));
        if (!answered)
            return failure(answered.error());
        tell(answered->finding);
        enter(Stage::Generate);
        if (listener.onText)
            listener.onText(answered->answer.text);
        return std::move(answered->answer);
    }

    /// Tiles are cut when the question is asked.
    Result<void> encodeAhead(const Frame & /*frame*/, std::stop_token /*stop*/) override { return {}; }

    Result<std::vector<PatchMap>> patchMaps(const Frame &frame, std::stop_token stop) override
    {
        return m_inspector->patchMaps(frame, std::move(stop));
    }
    Result<std::vector<Judgement>> judge(std::span<const Frame> frames, const std::string &question, const std::vector<std::string> &choices,
                                         std::stop_token stop) override
    {
        return m_inspector->judge(frames, question, choices, std::move(stop));
    }
    [[nodiscard]] Result<PreparedPicture> prepare(const Frame &frame) const override { return m_inspector->prepare(frame); }
    Result<std::vector<Result<Answer>>> askAll(std::span<const PreparedPicture> pictures, std::span<const Question> questions,
                                               std::stop_token stop) override
    {
        Result<std::vector<Result<Answer>>> answers = m_inspector->askAll(pictures, questions, std::move(stop));
        if (!answers)
            return answers;
        for (Result<Answer> &answer : *answers)
            answer = withoutPromise(std::move(answer));
        return answers;
    }

private:
    void tell(const std::optional<ProductFinding> &finding) const
    {
        if (m_onFinding)
            m_onFinding(finding);
    }

    static Result<Answer> withoutPromise(Result<Answer> answer)
    {
        if (answer)
            answer->promisedFrom = kNoPromise;
        return answer;
    }

    std::unique_ptr<Inspector> m_inspector;
    const Product m_product;
    const FindingListener m_onFinding;
    ModelCard m_card;
};

} // namespace

Result<ProductAnswer> askProduct(Inspector &inspector, const Product &product, const Frame &picture, const std::optional<PixelBox> &region,
                                 const std::string &golden, std::stop_token stop)
{
    const Clock::time_point start = Clock::now();
    if (!golden.empty() && haveSameBytes(golden, picture.source))
        return failure(kGoldenUnlike, std::filesystem::path(picture.source).filename().string() + " is the golden picture itself, or a copy of it; ask about another",
                       picture.source);
    const Result<Frame> whole = shownPicture(picture, golden);
    if (!whole)
        return failure(whole.error());
    const double shownMs = msSince(start);
    Result<PictureScore> score = inspectPicture(inspector, product, region ? cropped(*whole, *region) : *whole, std::move(stop));
    if (!score)
        return failure(score.error());
    const bool isPromised = product.isPromisedOf(picture.widthPx, picture.heightPx, region);
    if (!isPromised)
        score->verdict = Verdict::Unsure;
    const bool isBad = score->probability >= 0.5;
    ProductAnswer asked;
    Answer &answer = asked.answer;
    answer.text = isBad ? "yes" : "no";
    answer.probability = isBad ? score->probability : 1 - score->probability;
    answer.promisedFrom = isPromised ? promisedFrom(product, isBad) : kNoPromise;
    answer.isComplete = true;
    answer.latency = score->latency;
    answer.latency.preprocessMs += shownMs;
    answer.latency.totalMs = answer.latency.firstTokenMs = msSince(start);
    asked.finding = findingOf(*score, region);
    asked.score = *std::move(score);
    return asked;
}

Result<std::unique_ptr<Inspector>> inspectingProduct(std::unique_ptr<Inspector> inspector, const FindingListener &onFinding)
{
    Result<std::optional<Product>> product = readProduct(inspector->card().folder);
    if (!product)
        return failure(product.error());
    if (!*product)
        return inspector;
    return std::unique_ptr<Inspector>(std::make_unique<ProductInspector>(std::move(inspector), **std::move(product), onFinding));
}

} // namespace auroraedge::app
