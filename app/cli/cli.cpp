#include "app/cli/cli.h"

#include "app/cli/answer_output.h"
#include "app/cli/commands.h"
#include "app/cli/display_text.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <limits>
#include <new>
#include <numeric>
#include <optional>
#include <ostream>
#include <sstream>

namespace auroraedge::app {
namespace {

/// Letters to change, add or leave out between two words.
std::size_t editDistance(const std::string &from, const std::string &to)
{
    std::vector<std::size_t> row(to.size() + 1); // distances of the letters of `from` so far to each start of `to`
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (const char letter : from) {
        std::size_t diagonal = row[0]++;
        for (std::size_t i = 0; i < to.size(); ++i) {
            const std::size_t replaced = diagonal + (letter == to[i] ? 0 : 1);
            diagonal = row[i + 1];
            row[i + 1] = std::min({replaced, row[i] + 1, row[i + 1] + 1});
        }
    }
    return row.back();
}

/// "; did you mean 'batch'?" or nothing when no candidate is near.
std::string suggestion(const std::string &word, const std::vector<std::string> &candidates)
{
    constexpr std::size_t kMostEdits = 2;
    std::size_t least = kMostEdits + 1;
    std::string nearest;
    for (const std::string &candidate : candidates) {
        if (const std::size_t distance = editDistance(word, candidate); distance < least) {
            least = distance;
            nearest = candidate;
        }
    }
    return nearest.empty() ? "" : "; did you mean '" + nearest + "'?";
}

std::string joined(const std::vector<std::string> &words)
{
    std::string list;
    for (const std::string &word : words)
        list += (list.empty() ? "" : ", ") + word;
    return list;
}

/// Stricter than CLI::Range, which takes "nan" and lets a negative number become a huge seed.
template <typename Number>
CLI::Validator numberFrom(Number least, Number most)
{
    return CLI::Validator(
        [least, most](const std::string &text) {
            Number value{};
            const char *const end = text.data() + text.size();
            const auto [next, problem] = std::from_chars(text.data(), end, value);
            if (problem == std::errc() && next == end && value >= least && value <= most)
                return std::string();
            std::ostringstream complaint;
            complaint << '\'' << text << "' is not a number from " << least << " to " << most;
            return complaint.str();
        },
        "");
}
constexpr std::int64_t kMostPictures = std::int64_t{1} << 40;
constexpr int kMostPaths = 1 << 20; ///< of one command

/// An empty shell variable is told as what it is, not as a file without a name or as what goes without saying.
CLI::Validator notEmpty()
{
    return CLI::Validator([](const std::string &text) { return std::string(text.empty() ? "is empty" : ""); }, "");
}

/// Without the spaces round them: a model takes " no" for another word than "no".
std::vector<std::string> choicesIn(const std::string &list)
{
    std::vector<std::string> choices{{}};
    for (const char character : list) {
        if (character == ',')
            choices.emplace_back();
        else
            choices.back() += character;
    }
    for (std::string &choice : choices)
        CLI::detail::trim(choice);
    return choices;
}

/// Split here: CLI11 drops what is empty between two commas, and takes the next option for an answer where nothing is left.
CLI::Validator isListOfChoices()
{
    return CLI::Validator(
        [](const std::string &text) {
            using Json = nlohmann::json;
            if (Json(text).dump(-1, ' ', false, Json::error_handler_t::ignore) != Json(text).dump(-1, ' ', false, Json::error_handler_t::replace))
                return std::string("is not valid UTF-8");
            std::vector<std::string> choices = choicesIn(text);
            std::ranges::sort(choices);
            if (choices.front().empty())
                return std::string(text.empty() ? "is empty" : "holds an empty answer");
            const auto twice = std::ranges::adjacent_find(choices);
            return twice == choices.end() ? std::string() : "holds '" + *twice + "' twice";
        },
        "");
}

/// "2/8"; nothing for another text.
std::optional<Shard> shardOf(const std::string &text)
{
    Shard shard;
    const char *const end = text.data() + text.size();
    const auto [slash, noNumber] = std::from_chars(text.data(), end, shard.number);
    if (noNumber != std::errc() || slash == end || *slash != '/')
        return std::nullopt;
    const auto [last, noCount] = std::from_chars(slash + 1, end, shard.count);
    const bool isWhole = noCount == std::errc() && last == end;
    return isWhole && shard.number >= 1 && shard.number <= shard.count && shard.count <= 1'000'000 ? std::optional(shard) : std::nullopt;
}
CLI::Validator isShard()
{
    return CLI::Validator([](const std::string &text) { return shardOf(text) ? std::string() : '\'' + text + "' is not a part i/n with i from 1 to n"; }, "");
}

/// What the arguments ask for; CLI11 writes into it.
class Arguments final
{
public:
    Arguments()
    {
        m_app.name("auroraedge");
        m_app.set_version_flag("--version", "auroraedge " AURORAEDGE_VERSION);
        m_app.require_subcommand(1);
        m_app.fallthrough(false);
        addAsk();
        addCaption();
        addBatch();
        addMerge();
        addDemo();
        addInfo();
        addImport();
        addTrain();
        addFinetune();
        addEvaluate();
        addDb();
        addDebug();
    }

    void parse(std::vector<std::string> arguments)
    {
        std::reverse(arguments.begin(), arguments.end()); // CLI11 takes them from the end
        m_app.parse(std::move(arguments));
    }
    int exit(const CLI::ParseError &error, std::ostream &out, std::ostream &err) { return m_app.exit(error, out, err); }

    /// One sentence about arguments that could not be parsed. CLI11's own is silent about a mistyped word as long as
    /// anything else is missing.
    [[nodiscard]] std::string explained(const CLI::ParseError &error) const
    {
        const CLI::App *command = &m_app;
        while (!command->get_subcommands().empty())
            command = command->get_subcommands().front();
        std::vector<std::string> commands;
        for (const CLI::App *below : command->get_subcommands([](const CLI::App *) { return true; }))
            commands.push_back(below->get_name());

        std::vector<std::string> unknown = m_app.remaining(true);
        std::erase(unknown, "--"); // a mark that no options follow, and no option itself
        if (unknown.empty())
            return commands.empty() ? error.what() : "a command is missing; there are " + joined(commands);
        const std::string word = unknown.front().substr(0, unknown.front().find('='));
        if (!word.starts_with('-')) {
            if (commands.empty())
                return "'" + word + "' was not expected; put a text with spaces in quotes";
            return "there is no command '" + word + "'" + suggestion(word, commands) + "; there are "
                + joined(commands);
        }
        if (command->get_option_no_throw(word))
            return "'" + word + "' belongs after the command " + command->get_name();
        std::vector<std::string> options;
        for (const CLI::Option *option : command->get_options())
            options.push_back(option->get_name());
        return "there is no option '" + word + "' of " + command->get_name() + suggestion(word, options);
    }
    /// Runs the command that was parsed.
    Result<int> run(const CliContext &context) { return m_run(context); }

private:
    template <typename Options>
    CLI::App *addCommand(CLI::App &parent, const char *name, const char *purpose, Options &options,
                         Result<int> (*runCommand)(const Options &, const CliContext &))
    {
        CLI::App *command = parent.add_subcommand(name, purpose);
        command->callback([this, &options, runCommand] {
            m_run = [&options, runCommand](const CliContext &context) { return runCommand(options, context); };
        });
        return command;
    }
    static void addCommon(CLI::App *command, CommonOptions &options)
    {
        command->add_option("--data-dir", options.dataDir, "folder of the database and pictures")->check(notEmpty());
        command->add_option("--model", options.model, "name or folder of a model (default: the one that ships)")->check(notEmpty());
        command->add_option("--device", options.device, "auto, cpu, cuda or cuda:N")->check(notEmpty());
        command->add_option("--precision", options.precision, "of the weights")
            ->check(CLI::IsMember({"auto", "fp32", "bf16", "fp16"}));
        command->add_option("--threads", options.threads, "of the CPU kernels (0: all cores but one)")
            ->check(numberFrom(0, 1024));
        command->add_flag("--strict", options.strict, "refuse a model with tensors that it does not use");
        command->add_flag("--no-store", options.noStore, "keep no row and no picture");
        command->add_flag("--json", options.json, "one JSON object a line");
        command->add_flag("--quiet", options.quiet, "no progress");
    }
    /// Of the commands that look at the store.
    static void addStoring(CLI::App *command, CommonOptions &options)
    {
        command->add_option("--data-dir", options.dataDir, "folder of the database and pictures")->check(notEmpty());
        command->add_flag("--json", options.json, "one JSON object a line");
        command->add_flag("--quiet", options.quiet, "no progress");
    }
    static void addAsking(CLI::App *command, AskingOptions &options)
    {
        command->add_option("--roi", options.roi, "part of the picture: x,y,width,height in pixels")->check(notEmpty());
        command->add_option("--max-tokens", options.maxTokens, "limit of the answer")->check(numberFrom(1, 4096));
        command
            ->add_option_function<std::string>("--choices", [&options](const std::string &list) { options.choices = choicesIn(list); },
                                               "answers to choose from: a,b,c")
            ->check(isListOfChoices());
        command->add_option("--temperature", options.temperature, "0: always the likeliest word")
            ->check(numberFrom(0.0, 100.0));
        command->add_option("--seed", options.seed, "of the drawing, with a temperature above 0")
            ->check(numberFrom(std::uint64_t{0}, std::numeric_limits<std::uint64_t>::max()));
        command->add_option("--golden", options.golden, "for a product's question: picture of a faultless part, or a folder of them")
            ->check(notEmpty());
    }
    void addAsk()
    {
        CLI::App *command = addCommand(m_app, "ask", "asks about one picture", m_ask, runAsk);
        command->add_option("--image", m_ask.image, "JPEG, PNG, BMP or TIFF")->required()->check(notEmpty());
        command->add_option("--question", m_ask.questions, "may be given several times; a product's model has one of its own")
            ->allow_extra_args(false); // else a text without quotes is a question a word, and "[a,b]" two of them
        command->add_option("--map", m_ask.map, "PNG file: the picture with the places of a defect laid over it")
            ->check(notEmpty());
        addAsking(command, m_ask.asking);
        addCommon(command, m_ask.common);
    }
    void addCaption()
    {
        CLI::App *command = addCommand(m_app, "caption", "describes a picture", m_caption, runCaption);
        command->add_option("--image", m_caption.image, "JPEG, PNG, BMP or TIFF")->required()->check(notEmpty());
        command
            ->add_option_function<std::string>(
                "--detail", [this](const std::string &detail) { m_caption.isFull = detail == "full"; },
                "brief or full")
            ->check(CLI::IsMember({"brief", "full"}));
        addAsking(command, m_caption.asking);
        addCommon(command, m_caption.common);
    }
    void addBatch()
    {
        CLI::App *command = addCommand(m_app, "batch", "asks about many pictures", m_batch, runBatch);
        command->add_option("paths", m_batch.selection.paths, "folders, globs, list files (.txt, .lst), pictures, or - for a list on stdin")
            ->required()
            ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
            ->expected(kMostPaths, -1)
            ->allow_extra_args(false) // else the folder "[2024]" is taken for a list of one, 2024
            ->check(notEmpty());
        command->add_option("--question", m_batch.questions, "asked about each; may be given several times; a product's model has one of its own")
            ->allow_extra_args(false);
        command->add_option("--out", m_batch.out, "file of the answers, .jsonl or .csv")->required();
        command->add_flag("--recursive", m_batch.selection.recursive, "folders below as well");
        command->add_option("--include", m_batch.selection.include, "only files whose name matches, *.png")->allow_extra_args(false)->check(notEmpty());
        command->add_option("--exclude", m_batch.selection.exclude, "no files whose name matches")->allow_extra_args(false)->check(notEmpty());
        command->add_flag("--follow-links", m_batch.selection.followLinks, "links to files outside of their folder as well");
        CLI::Option *limit = command->add_option("--limit", m_batch.selection.limit, "the first N pictures alone")->check(numberFrom(std::int64_t{0}, kMostPictures));
        command
            ->add_option_function<std::string>("--shard", [this](const std::string &text) { m_batch.selection.shard = shardOf(text).value_or(Shard()); },
                                               "part i of n, 2/8; `merge` joins the parts")
            ->check(isShard());
        CLI::Option *watch = command->add_flag("--watch", m_batch.watch, "go on with files that arrive, until stopped")->excludes(limit);
        command->add_option("--settle", m_batch.settleSeconds, "seconds that a file must have been at rest (default: 2)")
            ->check(numberFrom(0.0, 3600.0))
            ->needs(watch);
        command->add_flag("--resume", m_batch.resume, "go on where an earlier run stopped; happens anyway");
        command->add_flag("--fresh", m_batch.fresh, "ask about everything anew");
        command->add_flag("--retry-failed", m_batch.retryFailed, "ask again about what failed");
        command->add_flag("--dry-run", m_batch.dryRun, "list the pictures, ask nothing");
        command->add_option("--progress", m_batch.progress, "auto, json or none")->check(CLI::IsMember({"auto", "json", "none"}));
        command->add_flag("--with-latency", m_batch.withLatency, "times in the file");
        addAsking(command, m_batch.asking);
        addCommon(command, m_batch.common);
    }
    void addMerge()
    {
        CLI::App *command = addCommand(m_app, "merge", "joins the parts of a batch that was shared out by --shard", m_merge, runMerge);
        command->add_option("parts", m_merge.parts, "outputs of the parts, all .jsonl or all .csv")
            ->required()
            ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
            ->expected(kMostPaths, -1)
            ->allow_extra_args(false)
            ->check(notEmpty());
        command->add_option("--out", m_merge.out, "file of all answers")->required()->check(notEmpty());
        command->add_flag("--quiet", m_merge.quiet, "no closing sentence");
    }
    void addDemo()
    {
        addCommon(addCommand(m_app, "demo", "asks the demonstration's questions", m_demo, runDemo), m_demo);
    }
    void addInfo()
    {
        CLI::App *command = addCommand(m_app, "info", "tells what a model is", m_info, runInfo);
        command->add_flag("--tensors", m_info.tensors, "every tensor");
        command->add_flag("--flops", m_info.flops, "parameters and multiply-adds of each module, true and as papers count");
        command->add_option("--text-tokens", m_info.textTokens, "length of the question for --flops")
            ->check(numberFrom(1, 1'000'000));
        command->add_flag("--self-test", m_info.selfTest, "speed of one fp32 and one bf16 product");
        addCommon(command, m_info.common);
    }
    void addImport()
    {
        CLI::App *command = addCommand(m_app, "import", "builds a model from Hugging Face folders", m_import, runImport);
        command->add_option("--vision", m_import.vision, "folder of a SigLIP2 NaFlex tower")->required()->check(notEmpty());
        command->add_option("--llm", m_import.llm, "folder of a Qwen2 language model")->required()->check(notEmpty());
        command->add_option("--out", m_import.out, "folder of the new model")->required()->check(notEmpty());
        command->add_option("--compressor", m_import.compressor, "mlp, conv2d, maxpool2d, concat4 or none")
            ->check(CLI::IsMember({"mlp", "conv2d", "maxpool2d", "concat4", "none"}));
        command->add_option("--fusion", m_import.fusion, "none, cross, decoder or combined")
            ->check(CLI::IsMember({"none", "cross", "decoder", "combined"}));
        command->add_option("--seed", m_import.seed, "of the connectors, which are drawn at random")
            ->check(numberFrom(std::uint64_t{0}, std::numeric_limits<std::uint64_t>::max()));
        addCommon(command, m_import.common);
    }
    void addTrain()
    {
        CLI::App *command = addCommand(m_app, "train", "trains a model as a recipe says", m_train, runTrain);
        command->add_option("--recipe", m_train.recipe, "JSON file")->required();
        command->add_option("--out", m_train.out, "folder of the model (default: the recipe's)");
        CLI::Option *processes
            = command->add_option("--processes", m_train.processes, "how many processes train together, each started with its own --rank")
                  ->check(CLI::Range(1, 1024));
        CLI::Option *rank = command->add_option("--rank", m_train.rank, "which of them this is, from 0")->check(CLI::Range(0, 1023));
        CLI::Option *meeting
            = command->add_option("--meeting", m_train.meeting, "where they meet: a file that is not there yet, or host:port of rank 0");
        processes->needs(rank)->needs(meeting);
        rank->needs(processes);
        meeting->needs(processes);
        addCommon(command, m_train.common);
    }
    void addFinetune()
    {
        CLI::App *command = addCommand(m_app, "finetune", "teaches a model a product from reviewed pictures", m_finetune, runFinetune);
        command->add_option("--data", m_finetune.data, "JSON lines: pictures with the boxes of their defects")->required()->check(notEmpty());
        command->add_option("--out", m_finetune.out, "folder of the product's model; of a run that was stopped: goes on")->required()->check(notEmpty());
        command->add_option("--base", m_finetune.base, "name or folder of the model to begin with")->check(notEmpty());
        command->add_option("--golden", m_finetune.golden, "picture of a faultless part, or a folder with one of each picture's name")->check(notEmpty());
        CLI::Option *fresh = command->add_flag("--fresh", m_finetune.isFresh, "begin with new weights of the base's shape");
        command->add_option("--lora", m_finetune.loraRank, "train connectors and LoRA of this rank alone")->check(numberFrom(1, 1024))->excludes(fresh);
        command->add_option("--steps", m_finetune.steps, "of the training (default: about half an hour on two cores)")->check(numberFrom(1, 10'000'000));
        command->add_option("--tile", m_finetune.tile, "side of the squares that are looked at, in pixels")->check(numberFrom(8, 4096));
        command->add_option("--seed", m_finetune.seed, "of what is drawn at random")
            ->check(numberFrom(std::uint64_t{0}, std::numeric_limits<std::uint64_t>::max()));
        addCommon(command, m_finetune.common);
    }
    void addEvaluate()
    {
        CLI::App *command
            = addCommand(m_app, "evaluate", "measures a model on pictures it never saw", m_evaluate, runEvaluate);
        command
            ->add_option("--data", m_evaluate.data,
                         "a training recipe (its held-out part), conversations in LLaVA's form, or reviewed records of a product")
            ->required()
            ->check(notEmpty());
        command->add_option("--pictures", m_evaluate.pictures, "folder of the pictures of conversations (default: that of --data)")->check(notEmpty());
        command
            ->add_option("--golden", m_evaluate.golden,
                         "for reviewed records without one: picture of a faultless part, or a folder with one of each picture's name")
            ->check(notEmpty());
        command->add_option("--metric", m_evaluate.metric, "exact, vqa, choice or number")
            ->check(CLI::IsMember({"exact", "vqa", "choice", "number"}));
        command->add_flag("--blind", m_evaluate.isBlind, "ask about grey pictures: what the words alone give away");
        command->add_option("--limit", m_evaluate.limit, "pictures of each source (0: all)")
            ->check(numberFrom(std::int64_t{0}, kMostPictures));
        addCommon(command, m_evaluate.common);
    }
    void addDb()
    {
        CLI::App *db = m_app.add_subcommand("db", "looks after the stored answers");
        db->require_subcommand(1);
        addStoring(addCommand(*db, "check", "looks at every row and every picture", m_dbCheck, runDbCheck), m_dbCheck.common);

        CLI::App *backup = addCommand(*db, "backup", "copies the database, also while it is in use", m_dbBackup, runDbBackup);
        backup->add_option("--out", m_dbBackup.out, "file of the copy; with --with-pictures its folder")->required()->check(notEmpty());
        CLI::Option *withPictures = backup->add_flag("--with-pictures", m_dbBackup.withPictures, "a whole data folder with the pictures");
        backup->add_flag("--overwrite", m_dbBackup.overwrite, "replace an older copy")->excludes(withPictures);
        addStoring(backup, m_dbBackup.common);
        addDbExport(*db);
        addDbMarks(*db);

        CLI::App *replay = addCommand(*db, "replay", "asks again and compares the answers", m_dbReplay, runDbReplay);
        CLI::Option *limit = replay->add_option("--limit", m_dbReplay.limit, "the newest N answers (default: 100)")->check(numberFrom(std::int64_t{1}, kMostPictures));
        replay->add_option("--row", m_dbReplay.row, "this answer alone")->check(numberFrom(std::int64_t{1}, kMostPictures))->excludes(limit);
        replay->add_option("--model", m_dbReplay.common.model, "name or folder of a model to look at besides those of this station")->check(notEmpty());
        replay->add_option("--device", m_dbReplay.common.device, "auto (as stored), cpu, cuda or cuda:N")->check(notEmpty());
        replay->add_option("--threads", m_dbReplay.common.threads, "of the CPU kernels (0: all cores but one)")->check(numberFrom(0, 1024));
        addStoring(replay, m_dbReplay.common);

        CLI::App *retention = addCommand(*db, "retention", "plans which pictures need not be kept, and removes them", m_dbRetention, runDbRetention);
        retention->add_flag("--apply", m_dbRetention.apply, "remove them; the answers stay");
        retention->add_option("--older-than-days", m_dbRetention.olderThanDays, "pictures of answers from before that (default: 90)")
            ->check(numberFrom(std::int64_t{0}, std::int64_t{36'500}));
        retention->add_option("--keep-verdict", m_dbRetention.keptVerdicts, "OK, NG, UNSURE: pictures with this verdict stay")
            ->delimiter(',')
            ->allow_extra_args(false)
            ->check(CLI::IsMember({"OK", "NG", "UNSURE"}));
        addStoring(retention, m_dbRetention.common);
    }
    /// Which stored answers a command is about. An empty text would be no filter: all answers instead of none.
    static void addFilter(CLI::App *command, DbFilterOptions &options)
    {
        command->add_option("--from", options.from, "2026-11-26, 2026-11-26T14:30 or with seconds; a Z at the end: UTC")->check(notEmpty());
        command->add_option("--until", options.until, "before this time; a day alone counts as a whole")->check(notEmpty());
        command->add_option("--verdict", options.verdicts, "of the machine: OK, NG, UNSURE; several with commas")
            ->delimiter(',')
            ->allow_extra_args(false)
            ->check(CLI::IsMember({"OK", "NG", "UNSURE"}));
        command->add_flag("--no-verdict", options.noVerdict, "without a verdict of the machine; beside --verdict: those as well");
        command->add_option("--judgement", options.judgements, "of people, the one that counts: OK, NG, UNSURE; several with commas")
            ->delimiter(',')
            ->allow_extra_args(false)
            ->check(CLI::IsMember({"OK", "NG", "UNSURE"}));
        command->add_option("--question", options.question, "the whole question")->check(notEmpty());
        command->add_option("--model", options.model, "name of the model that answered")->check(notEmpty());
        command->add_option("--device", options.device, "that it ran on: cpu, cuda:0, ...")->check(notEmpty());
        command->add_option("--source", options.source, "the whole address or path")->check(notEmpty());
        command->add_option("--session", options.session, "number of the session that it was stored in")->check(numberFrom(std::int64_t{1}, kMostPictures));
        command->add_option("--tag", options.tag, "that it has")->check(notEmpty());
        command->add_option("--reviewer", options.reviewer, "who judged it")->check(notEmpty());
        command->add_option("--class", options.defectClass, "of the defect, as judged")->check(notEmpty());
        CLI::Option *reviewed = command->add_flag("--reviewed-only", options.reviewedOnly, "judged by a person");
        command->add_flag("--unreviewed-only", options.unreviewedOnly, "not judged yet")->excludes(reviewed);
        command->add_flag("--disagree-only", options.disagreeOnly, "judged otherwise than by the machine, or by another person");
        command->add_flag("--failed-only", options.failedOnly, "without an answer");
        command->add_flag("--held-only", options.heldOnly, "held by somebody");
        command->add_option("--slower-than", options.slowerThanMs, "milliseconds of the whole answer")->check(numberFrom(0.0, 1e9));
        command->add_option("--text", options.text, "words of question, answer, source or notes")->check(notEmpty());
    }
    static void addRows(CLI::App *command, std::vector<std::int64_t> &rows)
    {
        command->add_option("--row", rows, "numbers of answers, with commas; else a filter says which")
            ->delimiter(',')
            ->allow_extra_args(false)
            ->check(numberFrom(std::int64_t{1}, kMostPictures));
    }
    void addDbMarks(CLI::App &db)
    {
        CLI::App *hold = addCommand(db, "hold", "keeps pictures of answers whatever retention plans, or releases them", m_dbHold, runDbHold);
        addRows(hold, m_dbHold.rows);
        hold->add_option("--reason", m_dbHold.reason, "why; kept with who and when");
        hold->add_flag("--release", m_dbHold.release, "hold them no longer");
        addFilter(hold, m_dbHold.filter);
        addStoring(hold, m_dbHold.common);

        CLI::App *tag = addCommand(db, "tag", "gives answers a tag, or takes it off", m_dbTag, runDbTag);
        tag->add_option("name", m_dbTag.name, "of the tag")->required()->check(notEmpty());
        addRows(tag, m_dbTag.rows);
        tag->add_flag("--remove", m_dbTag.remove, "take it off");
        addFilter(tag, m_dbTag.filter);
        addStoring(tag, m_dbTag.common);
    }
    void addDbExport(CLI::App &db)
    {
        CLI::App *command = addCommand(db, "export", "writes stored answers into a file, or a folder to train with", m_dbExport, runDbExport);
        command->add_option("--out", m_dbExport.out, "file .csv or .jsonl, or a new folder with --format training")->required()->check(notEmpty());
        command->add_option("--format", m_dbExport.format, "csv, jsonl or training (default: by the name of --out)")
            ->check(CLI::IsMember({"csv", "jsonl", "training"}));
        addFilter(command, m_dbExport.filter);
        command->add_flag("--overwrite", m_dbExport.overwrite, "replace an older file, or an older training set");
        command->add_option("--licence", m_dbExport.licence, "of the pictures of a training set, for its manifest");
        command->add_option("--seed", m_dbExport.seed, "of what a training set holds out")
            ->check(numberFrom(std::uint64_t{0}, std::numeric_limits<std::uint64_t>::max()));
        addStoring(command, m_dbExport.common);
    }
    void addDebug()
    {
        CLI::App *debug = m_app.add_subcommand("debug", "looks inside the engine");
        debug->require_subcommand(1);
        CLI::App *forward
            = addCommand(*debug, "forward", "runs the graph on given tensors", m_forward, runDebugForward);
        forward->add_option("--inputs", m_forward.inputs, "safetensors file")->required();
        forward->add_option("--out", m_forward.out, "safetensors file")->required();
        forward->add_option("--steps", m_forward.steps, "greedy steps")->check(numberFrom(0, 100000));
        addCommon(forward, m_forward.common);
        CLI::App *trainStep
            = addCommand(*debug, "train-step", "gradients and one step on a given batch", m_trainStep, runDebugTrainStep);
        trainStep->add_option("--batch", m_trainStep.batch, "safetensors file")->required();
        trainStep->add_option("--stage", m_trainStep.stage, "1 connectors, 2 and the decoder, 3 all")
            ->required()
            ->check(numberFrom(1, 3));
        trainStep->add_option("--out", m_trainStep.out, "safetensors file")->required();
        addCommon(trainStep, m_trainStep.common);
        CLI::App *preprocess
            = addCommand(*debug, "preprocess", "a picture as the encoder sees it", m_preprocess, runDebugPreprocess);
        preprocess->add_option("--config", m_preprocess.config, "preprocessor_config.json")->required();
        preprocess->add_option("--image", m_preprocess.image, "JPEG, PNG, BMP or TIFF")->required()->check(notEmpty());
        preprocess->add_option("--out", m_preprocess.out, "safetensors file")->required();
        addCommon(preprocess, m_preprocess.common);
        CLI::App *tokenize
            = addCommand(*debug, "tokenize", "JSON lines of text to ids, or back", m_tokenize, runDebugTokenize);
        tokenize->add_flag("--decode", m_tokenize.decode, "ids to text");
        tokenize->add_flag("--special", m_tokenize.special, "markers in the text become control ids");
        addCommon(tokenize, m_tokenize.common);
    }

    CLI::App m_app{"AuroraEdge Inspector: asks a vision-language model about pictures"};
    AskOptions m_ask;
    CaptionOptions m_caption;
    BatchOptions m_batch;
    MergeOptions m_merge;
    CommonOptions m_demo;
    InfoOptions m_info;
    ImportOptions m_import;
    TrainOptions m_train;
    FinetuneOptions m_finetune;
    EvaluateOptions m_evaluate;
    DbCheckOptions m_dbCheck;
    DbBackupOptions m_dbBackup;
    DbExportOptions m_dbExport;
    DbHoldOptions m_dbHold;
    DbTagOptions m_dbTag;
    DbReplayOptions m_dbReplay;
    DbRetentionOptions m_dbRetention;
    DebugForwardOptions m_forward;
    DebugTrainStepOptions m_trainStep;
    DebugPreprocessOptions m_preprocess;
    DebugTokenizeOptions m_tokenize;
    std::function<Result<int>(const CliContext &)> m_run;
};

int tell(const Error &error, bool asJson, const CliContext &context)
{
    if (asJson)
        context.out << oneLine(errorJson(error)) << std::endl;
    else
        context.err << error.code.text() << ": " << displayText(error.message) << std::endl;
    return exitCodeOf(error.code);
}

/// The program's last skin: what a room let through ends here, as a code and a sentence.
Result<int> runGuarded(Arguments &arguments, const CliContext &context)
try {
    return arguments.run(context);
} catch (const std::bad_alloc &) {
    return failure(code::MemoryShort, "not enough memory; use a smaller picture or model");
} catch (const std::exception &) {
    return failure(code::Internal, "a fault inside auroraedge; please report the command that led to it");
}

} // namespace

int runCli(const std::vector<std::string> &arguments, const CliContext &context)
{
    // Also where the arguments are wrong: a script that reads JSON gets its error as JSON.
    const bool asJson = std::find(arguments.begin(), arguments.end(), "--json") != arguments.end();
    Arguments parsed;
    try {
        parsed.parse(arguments);
    } catch (const CLI::ParseError &error) {
        if (error.get_exit_code() == 0) // --help, --version
            return parsed.exit(error, context.out, context.err);
        return tell({code::Usage, parsed.explained(error), {}}, asJson, context);
    }
    const Result<int> exitCode = runGuarded(parsed, context);
    if (!exitCode)
        return tell(exitCode.error(), asJson, context);
    // A full disk or a closed pipe: what was printed did not arrive, and neither would an error as JSON.
    if (!context.out.flush())
        return tell({code::DiskFault, "the answers could not be written to the standard output", {}}, false, context);
    return *exitCode;
}

} // namespace auroraedge::app
