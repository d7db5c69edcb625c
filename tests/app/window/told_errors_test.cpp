#include "app/window/told_errors.h"

#include "engine/api/error_code.h"
#include "tests/app/window/other_language.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <regex>
#include <string>

namespace auroraedge::app {
namespace {

TEST(ToldErrors, EveryPublishedCodeHasWords)
{
    const std::string header = testing::readFile(AURORAEDGE_SOURCE_DIR "/engine/api/error_code.h")
        + testing::readFile(AURORAEDGE_SOURCE_DIR "/app/imaging/registration.h");
    const std::regex published("\\{\"([A-Z]+-[0-9]+)\"\\}");
    int codes = 0;
    for (std::sregex_iterator code(header.begin(), header.end(), published), end; code != end; ++code, ++codes)
        EXPECT_FALSE(sentenceOf((*code)[1].str(), "").isEmpty()) << (*code)[1];
    EXPECT_GE(codes, 99) << "the header is read as it is written";
}

TEST(ToldErrors, InEnglishAnErrorsOwnSentenceSaysMore)
{
    const Error error{code::ModelNotApproved, "config.json is not the file that SHA256SUMS lists", "/models/a/config.json"};
    EXPECT_EQ(sentenceOf(error), QStringLiteral("config.json is not the file that SHA256SUMS lists"));
    EXPECT_EQ(detailOf(error), QStringLiteral("/models/a/config.json"));
    EXPECT_EQ(sentenceOf("XYZ-99", "of a newer version"), QStringLiteral("of a newer version"));
    EXPECT_EQ(sentenceOf("", ""), QString());
}

TEST(ToldErrors, InAnotherLanguageTheCodeIsTranslatedAndTheOwnSentenceIsADetail)
{
    const tests::OtherLanguage language("Error");
    const Error error{code::ModelNotApproved, "config.json is not the file that SHA256SUMS lists", "/models/a/config.json"};
    EXPECT_EQ(toldError(error), QStringLiteral("MOD-20: «the files of the model are not as SHA256SUMS lists them»"));
    EXPECT_EQ(detailOf(error), QStringLiteral("/models/a/config.json\nconfig.json is not the file that SHA256SUMS lists"));
    EXPECT_EQ(sentenceOf("XYZ-99", "of a newer version"), QStringLiteral("of a newer version"));
}

TEST(ToldErrors, WhatTheEngineSaysWithoutACodeIsTranslatedWithItsFigures)
{
    const char *const kUntrained = "connectors untrained: answers mean nothing yet";
    EXPECT_EQ(wordsOf(kUntrained), QLatin1String(kUntrained));
    const tests::OtherLanguage language("Error");
    EXPECT_EQ(wordsOf(kUntrained), QStringLiteral("«the connectors are untrained: answers mean nothing yet»"));
    EXPECT_EQ(wordsOf("no part is called OK by this product yet: too few good pictures were held out to promise it"),
              QStringLiteral("«this product calls no part OK yet: too few good pictures were held out to promise it»"));
    EXPECT_EQ(wordsOf("12 tensors of the file are not used: a, b"), QStringLiteral("«12 tensors of the file are not used: a, b»"));
    EXPECT_EQ(wordsOf("MOD-16: every value is the same in a.weight"), QStringLiteral("«MOD-16: every value is the same in a.weight»"));
    EXPECT_EQ(wordsOf("CPU was chosen"), QStringLiteral("«the CPU was chosen»"));
    EXPECT_EQ(wordsOf("CPU: no usable GPU: this LibTorch has no CUDA library"), QStringLiteral("«no usable GPU was found»"));
    EXPECT_EQ(wordsOf("CPU: cuda:0 is too small: needs 4.8 GB, 3.0 GB free; choose CPU or a smaller model"),
              QStringLiteral("«the GPU is too small: needs 4.8 GB, 3.0 GB are free»"));
    EXPECT_EQ(wordsOf("cuda:0: 4.8 GB needed, 70.1 GB free"), QStringLiteral("«4.8 GB are needed, 70.1 GB are free»"));
    EXPECT_EQ(wordsOf("the thresholds of this product were chosen at fp32 and it runs at bf16: evaluate it on reviewed pictures before its verdicts are relied on"),
              QStringLiteral("«the thresholds of this product were chosen at fp32 and it runs at bf16: evaluate it before its verdicts are relied on»"));
    EXPECT_EQ(wordsOf("a warning of a newer engine"), QStringLiteral("a warning of a newer engine"));
}

TEST(ToldErrors, WhatThePartsOfAModelAreIsTranslatedWithTheirFigures)
{
    const char *const facts[] = {"256 wide, 6 layers, 4 heads, MLP 1024, patch 16", "1152 wide, 27 layers, 16 heads, MLP 4304, patch 14, picture 384",
                                 "1536 wide, 28 layers, 12 heads (2 KV), MLP 8960, vocabulary 151936",
                                 "256 wide, 6 layers, 4 heads (2 KV), MLP 688, vocabulary 4096, tied head", "ldpv2, 1024 -> 2048 wide, 576 -> 144 tokens",
                                 "39.9 MB weights, 3.5 MB keys and values of the longest question, 0.5 MB features of 4 pictures"};
    for (const char *fact : facts)
        EXPECT_EQ(wordsOf(fact), QLatin1String(fact));
    const tests::OtherLanguage language("Error");
    for (const char *fact : facts)
        EXPECT_EQ(wordsOf(fact), QStringLiteral("«%1»").arg(QLatin1String(fact)));
    EXPECT_EQ(wordsOf("mlp, 256 -> 64"), QStringLiteral("mlp, 256 -> 64")) << "a name of config.json";
}

TEST(ToldErrors, ALineOfAnotherProgramIsTranslatedByItsCodeAndKeepsItsOwnSentence)
{
    const QString line = QStringLiteral("FS-06: folder is gone after 412 of 1000 files; resume later");
    EXPECT_EQ(toldLine(line), line);
    const tests::OtherLanguage language("Error");
    EXPECT_EQ(toldLine(line), QStringLiteral("FS-06: «the folder is gone» (folder is gone after 412 of 1000 files; resume later)"));
    EXPECT_EQ(toldLine(QStringLiteral("XYZ-99: of a newer version")), QStringLiteral("XYZ-99: of a newer version"));
    EXPECT_EQ(toldLine(QStringLiteral("It ended with code 9.")), QStringLiteral("It ended with code 9."));
}

} // namespace
} // namespace auroraedge::app
