#pragma once

#include "app/storage/answer_store.h"
#include "app/window/inspection_session.h"
#include "tests/support/fake_engine.h"
#include "tests/support/temporary_folder.h"
#include "tests/ui/operator_test.h"

#include <QBuffer>
#include <QColor>
#include <QDateTime>
#include <QImage>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace auroraedge::app::tests {

/// The station as it runs, on a store that was filled before it started. It has no source: nobody asks anything.
class StoredStationTest : public ui::tests::OperatorTest
{
protected:
    StoredStationTest() { EXPECT_TRUE(m_data.create()); }
    ~StoredStationTest() override { m_session.reset(); }

    /// REQUIRES: the station does not run.
    [[nodiscard]] std::unique_ptr<AnswerStore> store() const
    {
        Result<std::unique_ptr<AnswerStore>> opened = AnswerStore::open(m_data.root());
        EXPECT_TRUE(opened) << opened.error().message;
        return std::move(*opened);
    }
    /// A picture of one colour, as a file's bytes.
    [[nodiscard]] static EvidencePicture picture(const QColor &colour)
    {
        QImage image(64, 48, QImage::Format_RGB888);
        image.fill(colour);
        QByteArray bytes;
        QBuffer buffer(&bytes);
        buffer.open(QIODevice::WriteOnly);
        EXPECT_TRUE(image.save(&buffer, "PNG"));
        return {{bytes.begin(), bytes.end()}, EvidenceFormat::Png};
    }
    /// @p number makes the time and the picture its own.
    [[nodiscard]] static AnswerRecord record(int number, std::optional<Verdict> verdict)
    {
        AnswerRecord made;
        made.timeUtcMs = QDateTime::currentMSecsSinceEpoch() - 60'000 * (1000 - number);
        made.source = "uvc:left";
        made.pictureWidthPx = 64;
        made.pictureHeightPx = 48;
        made.question = "Is there a bottle?";
        made.answer = verdict == Verdict::Ng ? "no" : "yes";
        made.probability = 0.9;
        made.verdict = verdict;
        made.modelName = "nano";
        made.modelSha256 = std::string(64, 'a');
        made.device = "cpu";
        made.precision = "fp32";
        made.latency.totalMs = 100 + number;
        return made;
    }
    /// Stores answers with pictures of their own, one of each of @p verdicts. @return their rows.
    std::vector<std::int64_t> fill(const std::vector<std::optional<Verdict>> &verdicts)
    {
        const std::unique_ptr<AnswerStore> filled = store();
        std::vector<std::int64_t> rows;
        for (int number = 0; number < static_cast<int>(verdicts.size()); ++number) {
            const Result<std::int64_t> row
                = filled->insertAnswer(record(number, verdicts[static_cast<std::size_t>(number)]), picture(QColor::fromHsv(number * 37 % 360, 200, 200)));
            EXPECT_TRUE(row) << row.error().message;
            rows.push_back(row ? *row : 0);
        }
        return rows;
    }

    /// @param reviewer as of --reviewer.
    void start(const std::string &reviewer = {})
    {
        StationParts parts{.dataFolder = m_data,
                           .resources = m_home / "resources",
                           .sources = std::make_shared<const SourceCatalogue>(SourceCatalogue::discover(m_home / "no-plugins")),
                           .openEngine = [this]() -> Result<std::shared_ptr<Engine>> {
                               return std::shared_ptr<Engine>(std::make_shared<testing::FakeEngine>(m_script));
                           },
                           .presets = {},
                           .loadOptions = {}};
        parts.account = "maria";
        parts.reviewer = reviewer;
        m_session = std::make_unique<InspectionSession>(m_window, std::move(parts));
    }

    [[nodiscard]] static bool waitFor(const std::function<bool()> &claim) { return QTest::qWaitFor(claim, 20'000); }
    /// As it is on the disk.
    [[nodiscard]] AnswerRecord stored(std::int64_t row) const
    {
        const auto reader = AnswerReader::open(m_data.root());
        const auto found = reader ? (*reader)->answer(row) : Result<std::optional<AnswerRecord>>(failure(reader.error()));
        return found && *found ? **found : AnswerRecord();
    }

    const testing::TemporaryFolder m_home;
    const DataFolder m_data = DataFolder::resolve(m_home / "data");
    testing::FakeScript m_script;
    std::unique_ptr<InspectionSession> m_session;
};

} // namespace auroraedge::app::tests
