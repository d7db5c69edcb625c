// How fast a big store is: store_benchmark FOLDER [ROWS, default 1,000,000]. Makes FOLDER/inspector.db where there is none,
// as two migrations from schema 2, and prints how long each thing took. A cold start of the disk is not measured.

#include "app/export/answer_export.h"
#include "app/storage/answer_counts.h"
#include "app/storage/answer_query.h"
#include "app/storage/answer_rows.h"
#include "app/storage/answer_statistics.h"
#include "app/storage/answer_store.h"
#include "app/storage/database.h"
#include "app/storage/schema.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

namespace {

using namespace auroraedge;
using namespace auroraedge::app;
namespace fs = std::filesystem;

constexpr std::int64_t kFirstMs = 1'760'000'000'000, kStepMs = 5'000; // two months of an answer every five seconds
constexpr const char *kQuestions[] = {"Is there a scratch on the cap?", "Is the label straight?", "Which lot number is printed?",
                                      "Gibt es Kratzer auf der Hülle?", "Wie viele Schrauben fehlen?", "瓶盖上有没有划痕?", "标签贴正了吗?",
                                      "傷はありますか", "ラベルはまっすぐですか", "How many bottles are there?"};
constexpr const char *kAnswers[] = {"yes", "no", "a long scratch near the left edge", "lot 4711, printed twice", "ein tiefer Kratzer an der Kante",
                                    "keine", "有划痕, 在左边", "没有", "左に傷があります", "いいえ", "twelve", "the cap is missing"};
constexpr const char *kSources[] = {"uvc:left", "uvc:right", "rtsp://hall/1", "rtsp://hall/2", "file:/line/a.mp4"};
constexpr const char *kModels[] = {"nano", "edge-2b", "edge-2b-b"};
constexpr const char *kReviewers[] = {"maria", "jan", "eva"};
constexpr const char *kClasses[] = {"scratch", "dent", "missing cap", "print"};
constexpr const char *kTags[] = {"shift B", "complaint", "golden", "night"};
constexpr int kSessions = 60;

class Dice
{
public:
    explicit Dice(std::uint64_t seed) : m_random(seed) {}
    int upTo(int most) { return std::uniform_int_distribution(0, most)(m_random); }
    bool oneIn(int n) { return upTo(n - 1) == 0; }
    template <typename T, std::size_t N>
    T of(const T (&list)[N]) { return list[static_cast<std::size_t>(upTo(static_cast<int>(N) - 1))]; }
    double spread(double median) { return median * std::lognormal_distribution(0.0, 0.4)(m_random); }

private:
    std::mt19937_64 m_random;
};

template <typename T>
T valueOf(Result<T> result)
{
    if (!result) {
        std::fprintf(stderr, "%s\n", result.error().message.c_str());
        std::exit(1);
    }
    return *std::move(result);
}
void require(const Result<void> &done)
{
    if (!done) {
        std::fprintf(stderr, "%s\n", done.error().message.c_str());
        std::exit(1);
    }
}

class Stopwatch
{
public:
    [[nodiscard]] double ms() const { return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - m_start).count(); }

private:
    std::chrono::steady_clock::time_point m_start = std::chrono::steady_clock::now();
};

/// Of one doing: on the clock, and on the processor, which is the same where nothing else runs and the disk is not waited for.
struct Time
{
    double wallMs = 0, processorMs = 0;
};

template <typename Run>
Time timed(Run run)
{
    const auto processor = [] {
        timespec time{};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
        return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
    };
    const double begun = processor();
    const Stopwatch watch;
    run();
    return {watch.ms(), processor() - begun};
}

void tell(const std::string &what, std::vector<Time> times)
{
    const auto at = [&](double Time::*kind, double share) {
        std::ranges::sort(times, {}, kind);
        return times[static_cast<std::size_t>(share * static_cast<double>(times.size() - 1))].*kind;
    };
    std::printf("%-42s p50 %7.1f ms  p95 %7.1f ms  max %7.1f ms  processor: p50 %7.1f  p95 %7.1f  max %7.1f  (%zu times)\n", what.c_str(),
                at(&Time::wallMs, 0.5), at(&Time::wallMs, 0.95), at(&Time::wallMs, 1), at(&Time::processorMs, 0.5), at(&Time::processorMs, 0.95),
                at(&Time::processorMs, 1), times.size());
    std::fflush(stdout);
}

/// Answers and reviews as schema 2 has them.
void insertRows(const Database &database, std::int64_t rows)
{
    Dice dice(1);
    require(database.run("BEGIN"));
    for (int i = 0; i < 3; ++i)
        require(database.run("INSERT INTO model VALUES (" + std::to_string(i + 1) + ", '" + kModels[i] + "', '" + std::string(64, static_cast<char>('a' + i)) + "')"));
    Statement answer = valueOf(database.prepare(
        "INSERT INTO answer VALUES (?1, ?2, ?3, ?1, '', NULL, 640, 480, NULL, NULL, NULL, NULL, ?4, ?5, ?6, ?7, ?8, '', ?9, ?10, 'bf16', 64, 24, 4, 0,"
        " 0.0, 0.0, ?11, ?12, 0.4, 0.3, 1.2, ?13, ?14, ?15, ?16)"));
    Statement review = valueOf(database.prepare("INSERT INTO review (answer_id, reviewed_utc_ms, judgement, reason, reviewer) VALUES (?, ?, ?, '', ?)"));
    for (std::int64_t row = 1; row <= rows; ++row) {
        const int percent = dice.upTo(99);
        const char *verdict = percent < 90 ? "OK" : percent < 96 ? "NG" : percent < 98 ? "UNSURE" : nullptr;
        const bool isFailed = dice.oneIn(200), isFast = dice.oneIn(4);
        const double encode = dice.spread(isFast ? 40 : 300), prefill = dice.spread(isFast ? 20 : 150), first = encode + prefill + 5, perToken = dice.spread(12);
        answer.reset();
        answer.bind(1, row).bind(2, kFirstMs + row * kStepMs + dice.upTo(4000)).bind(3, dice.of(kSources)).bind(4, dice.of(kQuestions));
        isFailed ? answer.bindNull(5) : answer.bind(5, std::string_view(dice.of(kAnswers)));
        answer.bind(6, 0.5 + dice.upTo(500) / 1000.0);
        verdict ? answer.bind(7, std::string_view(verdict)) : answer.bindNull(7);
        answer.bind(8, isFailed ? "RUN-07" : "").bind(9, 1 + (dice.oneIn(10) ? dice.upTo(2) : 0)).bind(10, isFast ? "cuda:0" : "cpu");
        answer.bind(11, dice.spread(3)).bind(12, encode).bind(13, prefill).bind(14, first).bind(15, perToken).bind(16, first + 4 * perToken);
        require(answer.run());
        for (const auto &[reviewer, share] : {std::pair{kReviewers[0], 5}, {kReviewers[1], 20}, {kReviewers[2], 100}}) {
            if (!dice.oneIn(share))
                continue;
            review.reset();
            review.bind(1, row).bind(2, kFirstMs + row * kStepMs + 60'000).bind(3, dice.oneIn(12) ? "NG" : dice.oneIn(20) ? "UNSURE" : "OK").bind(4, reviewer);
            require(review.run());
        }
    }
    require(database.run("COMMIT"));
}

void build(const fs::path &folder, std::int64_t rows)
{
    const fs::path file = folder / "inspector.db";
    {
        const auto database = valueOf(Database::open(file, Database::Access::ReadWrite));
        const Stopwatch watch;
        require(migrate(*database, 0, migrations().first(2)));
        insertRows(*database, rows);
        std::printf("%lld answers of schema 2 in %.1f s\n", static_cast<long long>(rows), watch.ms() / 1000);
        for (int version = 2; version < newestSchemaVersion(); ++version) {
            const Stopwatch step;
            require(migrate(*database, version, migrations().first(static_cast<std::size_t>(version) + 1)));
            std::printf("migration to schema %d: %.1f s\n", version + 1, step.ms() / 1000);
            std::fflush(stdout);
        }
        for (int session = 1; session <= kSessions; ++session)
            require(database->run("INSERT INTO session (began_utc_ms, ended_utc_ms, program, account) VALUES (0, 0, 'window', 'maria')"));
        const std::string sessionOf = "1 + (id * " + std::to_string(kSessions) + ") / " + std::to_string(rows + 1);
        require(database->run("UPDATE answer SET session_id = " + sessionOf));
        require(database->run("UPDATE facet SET session_id = (SELECT session_id FROM answer WHERE id = answer_id)"));
    }
    const auto store = valueOf(AnswerStore::open(folder));
    Dice dice(2);
    const Stopwatch watch;
    const auto some = [&](std::size_t count) {
        std::vector<std::int64_t> chosen;
        for (std::size_t i = 0; i < count; ++i)
            chosen.push_back(1 + dice.upTo(static_cast<int>(rows) - 1));
        return chosen;
    };
    for (int round = 0; round < 60; ++round) { // as people would, but quicker
        std::vector<ReviewDecision> decisions;
        for (const std::int64_t row : some(1000))
            decisions.push_back({row, kFirstMs, dice.oneIn(3) ? Verdict::Ng : Verdict::Ok, dice.of(kClasses),
                                 dice.oneIn(10) ? std::optional<std::string>("seen twice at the 左 edge") : std::nullopt, dice.of(kReviewers)});
        (void)valueOf(store->insertDecisions(decisions));
    }
    for (int round = 0; round < 40; ++round) // from one row in 17 to one in 1000
        (void)valueOf(store->tag(some(round < 30 ? 2000 : 100), kTags[round < 30 ? 0 : static_cast<std::size_t>(1 + round % 3)], {kFirstMs, "maria"}));
    require(store->setHeld(some(3000), true, "audit", {kFirstMs, "maria"}));
    std::printf("60,000 decisions, 61,000 tags, 3,000 holds: %.1f s\n", watch.ms() / 1000);
}

/// One to four conditions out of all kinds.
AnswerFilter anyFilter(Dice &dice, std::int64_t rows, bool withText)
{
    AnswerFilter filter;
    const int conditions = 1 + dice.upTo(3);
    for (int i = 0; i < conditions; ++i) {
        switch (dice.upTo(17)) {
        case 0: filter.fromUtcMs = kFirstMs + dice.upTo(static_cast<int>(rows) - 1) * kStepMs; break;
        case 1: filter.untilUtcMs = kFirstMs + dice.upTo(static_cast<int>(rows) - 1) * kStepMs; break;
        case 2: filter.verdicts = {Verdict(1 + dice.upTo(2))}; break;
        case 3: filter.withoutVerdict = true; break;
        case 4: filter.judgements = {Verdict(1 + dice.upTo(2))}; break;
        case 5: filter.outcomes = {Verdict(1 + dice.upTo(2))}; break;
        case 6: filter.question = dice.of(kQuestions); break;
        case 7: filter.model = dice.of(kModels); break;
        case 8: filter.device = dice.oneIn(2) ? "cpu" : "cuda:0"; break;
        case 9: filter.source = dice.of(kSources); break;
        case 10: filter.tag = dice.of(kTags); break;
        case 11: filter.session = 1 + dice.upTo(kSessions - 1); break;
        case 12: filter.reviewer = dice.of(kReviewers); break;
        case 13:
            filter.reviewer = "maria";
            filter.secondReviewer = dice.oneIn(2) ? "jan" : "eva";
            if (dice.oneIn(2))
                filter.pairAgrees = dice.oneIn(2);
            break;
        case 14: filter.defectClass = dice.of(kClasses); break;
        case 15: (dice.oneIn(3) ? filter.heldOnly : dice.oneIn(2) ? filter.disagreeOnly : filter.unreviewedOnly) = true; break;
        case 16:
            filter.stage = LatencyStage(1 + dice.upTo(10));
            filter.stageFromMs = dice.spread(200);
            if (dice.oneIn(2))
                filter.stageBelowMs = *filter.stageFromMs + dice.spread(20);
            break;
        case 17: filter.latencyAboveMs = dice.spread(600); break;
        }
    }
    constexpr const char *kTexts[] = {"scratch", "cap missing", "Kratzer Kante", "划痕", "傷", "lot 4711", "left ed", "seen twice", "twelve bottles", "左"};
    if (withText)
        filter.text = dice.of(kTexts);
    return filter;
}

void measure(const fs::path &folder, std::int64_t rows)
{
    const auto reader = valueOf(AnswerReader::open(folder));
    const Database &database = reader->database();
    constexpr int kTimes = 400;
    for (const bool withText : {false, true}) {
        Dice dice(withText ? 4 : 3);
        std::vector<Time> pages, counts;
        for (int i = 0; i < kTimes; ++i) {
            const AnswerFilter filter = anyFilter(dice, rows, withText);
            pages.push_back(timed([&] { (void)valueOf(selectPage(database, filter, std::nullopt, 200)); }));
            counts.push_back(timed([&] { (void)valueOf(countMatching(database, filter)); }));
        }
        tell(withText ? "first page of 200, any filters and text" : "first page of 200, any filters", pages);
        tell(withText ? "count, any filters and text" : "count, any filters", counts);
    }
    const auto with = [](auto change) {
        AnswerFilter filter;
        change(filter);
        return filter;
    };
    const std::pair<const char *, AnswerFilter> kinds[] = {
        {"none", {}},
        {"tag, one row in 17", with([](AnswerFilter &f) { f.tag = kTags[0]; })},
        {"tag, one row in 3000", with([](AnswerFilter &f) { f.tag = kTags[1]; })},
        {"session", with([](AnswerFilter &f) { f.session = 30; })},
        {"judgement NG", with([](AnswerFilter &f) { f.judgements = {Verdict::Ng}; })},
        {"outcome NG", with([](AnswerFilter &f) { f.outcomes = {Verdict::Ng}; })},
        {"without a verdict", with([](AnswerFilter &f) { f.withoutVerdict = true; })},
        {"held", with([](AnswerFilter &f) { f.heldOnly = true; })},
        {"device", with([](AnswerFilter &f) { f.device = "cuda:0"; })},
        {"encode 300 to 301 ms", with([](AnswerFilter &f) { f.stage = LatencyStage::Encode, f.stageFromMs = 300, f.stageBelowMs = 301; })},
        {"encode 200 to 400 ms", with([](AnswerFilter &f) { f.stage = LatencyStage::Encode, f.stageFromMs = 200, f.stageBelowMs = 400; })},
        {"slowest prefills", with([](AnswerFilter &f) { f.stage = LatencyStage::Prefill, f.stageFromMs = 600; })},
        {"reviewer of one in 5", with([](AnswerFilter &f) { f.reviewer = "maria"; })},
        {"pair that disagrees", with([](AnswerFilter &f) { f.reviewer = "maria", f.secondReviewer = "jan", f.pairAgrees = false; })},
        {"NG of a tag on the GPU", with([](AnswerFilter &f) { f.tag = kTags[0], f.verdicts = {Verdict::Ng}, f.device = "cuda:0"; })},
        {"slow encodes on the GPU (none)", with([](AnswerFilter &f) { f.device = "cuda:0", f.stage = LatencyStage::Encode, f.stageFromMs = 350; })},
        {"NG that maria called OK", with([](AnswerFilter &f) { f.reviewer = "maria", f.reviewerSaid = Verdict::Ok, f.verdicts = {Verdict::Ng}; })},
        {"text of one in 12", with([](AnswerFilter &f) { f.text = "twelve"; })},
        {"text of one in 3, NG", with([](AnswerFilter &f) { f.text = "scratch", f.verdicts = {Verdict::Ng}; })},
    };
    for (const auto &[name, filter] : kinds) {
        std::vector<Time> pages, counts;
        for (int i = 0; i < 5; ++i) {
            pages.push_back(timed([&, &meant = filter] { (void)valueOf(selectPage(database, meant, std::nullopt, 200)); }));
            counts.push_back(timed([&, &meant = filter] { (void)valueOf(countMatching(database, meant)); }));
        }
        tell(std::string("page: ") + name, pages);
        tell(std::string("count: ") + name, counts);
    }
    std::vector<Time> deep, histories;
    Dice dice(5);
    for (int i = 0; i < 100; ++i) {
        const PageEdge edge{1 + dice.upTo(static_cast<int>(rows) - 1), dice.oneIn(2)};
        AnswerPage page;
        deep.push_back(timed([&] { page = valueOf(selectPage(database, {}, edge, 200)); }));
        std::vector<std::int64_t> shown;
        for (const AnswerRecord &record : page.records)
            shown.push_back(record.row);
        histories.push_back(timed([&] { (void)valueOf(selectReviewsOf(database, shown)); }));
    }
    tell("page anywhere", deep);
    tell("review histories of a page", histories);
    AnswerFilter tagged, day, device;
    tagged.tag = kTags[0];
    day.fromUtcMs = kFirstMs + rows / 2 * kStepMs;
    day.untilUtcMs = *day.fromUtcMs + 86'400'000;
    device.device = "cpu";
    for (const auto &[name, filter] : {std::pair<const char *, AnswerFilter>{"all", {}}, {"tag", tagged}, {"one day", day}, {"device", device}}) {
        const std::string of = std::string(" of ") + name;
        std::vector<Time> latencies, hours, classes, confusion, agreement;
        for (int i = 0; i < 5; ++i) {
            latencies.push_back(timed([&, &meant = filter] { (void)valueOf(selectLatencies(database, meant)); }));
            hours.push_back(timed([&, &meant = filter] { (void)valueOf(selectHours(database, meant, true)); }));
            classes.push_back(timed([&, &meant = filter] { (void)valueOf(selectDefectClasses(database, meant)); }));
            confusion.push_back(timed([&, &meant = filter] { (void)valueOf(selectConfusion(database, meant)); }));
            agreement.push_back(timed([&, &meant = filter] { (void)valueOf(selectAgreement(database, meant)); }));
        }
        tell("exact percentiles" + of, latencies);
        tell("hours" + of, hours);
        tell("classes" + of, classes);
        tell("confusion" + of, confusion);
        tell("agreement" + of, agreement);
    }
    std::vector<Time> choices, counters;
    for (int i = 0; i < 5; ++i) {
        choices.push_back(timed([&] { (void)valueOf(selectChoices(database)); }));
        counters.push_back(timed([&] { (void)valueOf(selectCounts(database, kFirstMs + rows * kStepMs)); }));
    }
    tell("choices of all filters", choices);
    tell("counters", counters);

    AnswerFilter half;
    half.fromUtcMs = kFirstMs + rows / 2 * kStepMs;
    const Stopwatch watch;
    const std::int64_t exported = valueOf(exportAnswers(pagesOf(*reader, half), ExportFormat::Csv, folder / "out.csv", true, {}, {}));
    std::printf("CSV of %lld rows: %.1f s\n", static_cast<long long>(exported), watch.ms() / 1000);
    fs::remove(folder / "out.csv");
}

void measureWriting(const fs::path &folder)
{
    const auto store = valueOf(AnswerStore::open(folder));
    std::vector<Time> answers, decisions;
    for (int i = 0; i < 300; ++i) {
        AnswerRecord record = valueOf(store->recentAnswers(1)).front();
        answers.push_back(timed([&] { record.row = valueOf(store->insertAnswer(record, std::nullopt)); }));
        const std::vector<ReviewDecision> decision{{record.row, record.timeUtcMs, Verdict::Ng, "dent", std::nullopt, "maria"}};
        decisions.push_back(timed([&] { (void)valueOf(store->insertDecisions(decision)); }));
    }
    tell("an answer, on the disk", answers);
    tell("a decision, on the disk", decisions);
}

} // namespace

int main(int argc, char **argv)
{
    if (argc < 2) {
        std::fprintf(stderr, "store_benchmark FOLDER [ROWS]\n");
        return 2;
    }
    const fs::path folder = argv[1];
    const std::int64_t rows = argc > 2 ? std::atoll(argv[2]) : 1'000'000;
    fs::create_directories(folder);
    if (!fs::exists(folder / "inspector.db"))
        build(folder, rows);
    std::printf("%.0f MB\n", static_cast<double>(fs::file_size(folder / "inspector.db")) / 1e6);
    measure(folder, rows);
    measureWriting(folder);
    return 0;
}
