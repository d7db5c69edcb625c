#include "app/training/answer_metrics.h"

#include "app/training/replaced_text.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <map>
#include <set>
#include <sstream>
#include <vector>

namespace auroraedge::app {
namespace {

const std::map<std::string, std::string> kNumberWords{{"none", "0"}, {"zero", "0"}, {"one", "1"}, {"two", "2"},   {"three", "3"}, {"four", "4"},
                                                      {"five", "5"}, {"six", "6"},  {"seven", "7"}, {"eight", "8"}, {"nine", "9"},  {"ten", "10"}};

/// What the published table restores. Each is found by its letters with one apostrophe missing.
constexpr std::string_view kContractions
    = "ain't aren't can't could've couldn't couldn't've didn't doesn't don't hadn't hadn't've hasn't haven't he'd he'd've he's how'd how'll how's isn't it'd "
      "it'd've it'll ma'am mightn't mightn't've might've mustn't must've needn't not've o'clock oughtn't 'ow's'at shan't she'd've should've shouldn't "
      "shouldn't've somebody'd've somebody'll somebody's someone'd someone'd've someone'll someone's something'd something'd've something'll that's there'd "
      "there'd've there're there's they'd they'd've they'll they're they've 'twas wasn't we'd've we've weren't what'll what're what's what've when's where'd "
      "where's where've who'd who'd've who'll who's who've why'll why're why's won't would've wouldn't wouldn't've y'all y'all'll y'all'd've you'd you'd've "
      "you'll you're you've";

std::vector<std::string> wordsOf(const std::string &text)
{
    std::istringstream stream(text);
    std::vector<std::string> words;
    for (std::string word; stream >> word;)
        words.push_back(word);
    return words;
}

const std::map<std::string, std::string> &contractions()
{
    static const std::map<std::string, std::string> table = [] {
        std::map<std::string, std::string> made{{"somebody'd", "somebodyd"}}; // the published table has this one the wrong way round
        for (const std::string &word : wordsOf(std::string(kContractions))) {
            for (std::size_t at = word.find('\''); at != std::string::npos; at = word.find('\'', at + 1))
                made[word.substr(0, at) + word.substr(at + 1)] = word;
        }
        return made;
    }();
    return table;
}

std::string lowered(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
    return text;
}

bool isDigit(char character) { return character >= '0' && character <= '9'; }

/// A mark that stands beside a space anywhere goes; one between letters becomes a space.
std::string withoutPunctuation(const std::string &text)
{
    bool hasNumberComma = false;
    for (std::size_t i = 1; i + 1 < text.size(); ++i)
        hasNumberComma = hasNumberComma || (text[i] == ',' && isDigit(text[i - 1]) && isDigit(text[i + 1]));
    std::string result = text;
    for (const char mark : std::string_view(";/[]\"{}()=+\\_-><@`,?!")) {
        const std::string single(1, mark);
        const bool isBesideSpace = text.find(single + ' ') != std::string::npos || text.find(' ' + single) != std::string::npos;
        result = replaced(result, single, isBesideSpace || hasNumberComma ? "" : " ");
    }
    return result;
}

std::string withoutPeriods(const std::string &text)
{
    constexpr int kMost = 32; // as published: a count where flags were meant
    std::string result;
    int removed = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool isBeforeDigit = i + 1 < text.size() && isDigit(text[i + 1]);
        if (text[i] == '.' && !isBeforeDigit && removed < kMost)
            ++removed;
        else
            result += text[i];
    }
    return result;
}

std::optional<double> firstNumber(const std::string &text)
{
    std::string spaced = lowered(text);
    for (char &character : spaced) {
        if (!std::isalnum(static_cast<unsigned char>(character)) && character != '.' && character != '-')
            character = ' ';
    }
    for (std::string word : wordsOf(spaced)) {
        if (const auto found = kNumberWords.find(word); found != kNumberWords.end())
            word = found->second;
        double value = 0;
        const auto [end, fault] = std::from_chars(word.data(), word.data() + word.size(), value);
        const bool isWhole = fault == std::errc() && (end == word.data() + word.size() || *end == '.'); // "3." ends a sentence
        if (isWhole)
            return value;
    }
    return std::nullopt;
}

/// The one option letter that @p text names, as upper case; 0 when it names none or several.
char optionOf(std::string text)
{
    for (const char mark : std::string_view(".()[],:;!*#{}"))
        std::replace(text.begin(), text.end(), mark, ' ');
    std::set<char> letters;
    for (const std::string &word : wordsOf(text)) {
        if (word.size() == 1 && std::isalpha(static_cast<unsigned char>(word[0])))
            letters.insert(static_cast<char>(std::toupper(static_cast<unsigned char>(word[0]))));
    }
    return letters.size() == 1 ? *letters.begin() : '\0';
}

std::string plain(const std::string &text)
{
    std::string joined;
    for (const std::string &word : wordsOf(lowered(text)))
        joined += (joined.empty() ? "" : " ") + word;
    while (joined.ends_with('.'))
        joined.pop_back();
    return joined;
}

} // namespace

std::optional<Metric> metricNamed(std::string_view name)
{
    constexpr std::array names{std::pair("exact", Metric::Exact), std::pair("vqa", Metric::Vqa), std::pair("choice", Metric::Choice), std::pair("number", Metric::Number)};
    for (const auto &[text, metric] : names) {
        if (name == text)
            return metric;
    }
    return std::nullopt;
}

std::string vqaNormalised(std::string text)
{
    text = replaced(replaced(replaced(lowered(std::move(text)), ",", ""), "?", ""), "'s", " 's");
    text = replaced(replaced(std::move(text), "\n", " "), "\t", " ");
    std::string joined;
    for (std::string word : wordsOf(lowered(withoutPeriods(withoutPunctuation(text))))) {
        if (const auto number = kNumberWords.find(word); number != kNumberWords.end())
            word = number->second;
        if (word == "a" || word == "an" || word == "the")
            continue;
        if (const auto whole = contractions().find(word); whole != contractions().end())
            word = whole->second;
        joined += (joined.empty() ? "" : " ") + word;
    }
    return joined;
}

bool isRight(Metric metric, const std::string &answer, const std::string &reference)
{
    switch (metric) {
    case Metric::Exact: return answer == reference;
    case Metric::Vqa: return vqaNormalised(answer) == vqaNormalised(reference);
    case Metric::Choice: {
        const std::string wanted = plain(reference);
        if (wanted.size() == 1 && std::isalpha(static_cast<unsigned char>(wanted[0])))
            return optionOf(answer) == std::toupper(static_cast<unsigned char>(wanted[0]));
        return plain(answer) == wanted;
    }
    case Metric::Number: {
        const std::optional<double> wanted = firstNumber(reference);
        return wanted && firstNumber(answer) == wanted;
    }
    }
    return false;
}

} // namespace auroraedge::app
