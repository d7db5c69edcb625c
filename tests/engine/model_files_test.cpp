#include "engine/io/mapped_file.h"
#include "engine/io/model_config.h"
#include "engine/io/model_folder.h"
#include "engine/io/safetensors.h"
#include "engine/io/tensor_files.h"
#include "engine/vision/preprocessor.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <cstring>

namespace auroraedge::engine {
namespace {

using testing::TemporaryFolder;

std::string safetensors(const std::string &header, std::size_t dataBytes = 0)
{
    const std::uint64_t length = header.size();
    std::string file(8, '\0');
    std::memcpy(file.data(), &length, 8);
    return file + header + std::string(dataBytes, '\x01');
}

std::string entry(const std::string &name, const std::string &shape, const std::string &offsets, const std::string &dtype = "F32")
{
    return "\"" + name + "\":{\"dtype\":\"" + dtype + "\",\"shape\":" + shape + ",\"data_offsets\":" + offsets + "}";
}

std::span<const std::byte> bytesOf(const std::string &text)
{
    return std::as_bytes(std::span(text));
}

struct BadWeights
{
    const char *name;
    std::string file;
    ErrorCode expected;
};

class BadWeightFiles : public ::testing::TestWithParam<BadWeights>
{
};

TEST_P(BadWeightFiles, HaveTheirOwnCode)
{
    const auto parsed = parseSafetensors(bytesOf(GetParam().file), "model.safetensors");
    ASSERT_FALSE(parsed);
    EXPECT_EQ(parsed.error().code, GetParam().expected) << parsed.error().message;
    EXPECT_FALSE(parsed.error().message.empty());
}

std::string lengthOnly(std::uint64_t length)
{
    std::string file(8, '\0');
    std::memcpy(file.data(), &length, 8);
    return file + "{}";
}

std::vector<BadWeights> badWeights()
{
    const std::string huge = "9223372036854775808"; // 2^63
    std::string many = "{\"a0\":null";
    for (int i = 1; i < 100'010; ++i)
        many += ",\"a" + std::to_string(i) + "\":null";
    return {{"Empty", "", code::ModelFileShort},
            {"Short", "12345", code::ModelFileShort},
            {"LengthZero", lengthOnly(0), code::ModelHeaderLength},
            {"LengthBeyondFile", lengthOnly(3), code::ModelHeaderLength},
            {"LengthBeyondLimit", lengthOnly(100'000'001), code::ModelHeaderLength},
            {"LengthOverflow", lengthOnly(~std::uint64_t{0}), code::ModelHeaderLength},
            {"NotAnObject", safetensors("[]"), code::ModelHeaderJson},
            {"SpaceInFront", safetensors(" {}"), code::ModelHeaderJson},
            {"CutJson", safetensors("{\"a\":"), code::ModelHeaderJson},
            {"NotUtf8", safetensors("{\"\xC3(\":1}"), code::ModelHeaderJson},
            {"Deep", safetensors("{\"a\":" + std::string(100'000, '[')), code::ModelHeaderJson},
            {"BytesAfterJson", safetensors("{}x"), code::ModelHeaderJson},
            {"EntryNotAnObject", safetensors("{\"a\":7}"), code::ModelHeaderJson},
            {"MetadataNotTexts", safetensors("{\"__metadata__\":{\"a\":1}}"), code::ModelHeaderJson},
            {"Twice", safetensors("{" + entry("a", "[1]", "[0,4]") + "," + entry("a", "[1]", "[4,8]") + "}", 8), code::ModelTensorTwice},
            {"BeginAfterEnd", safetensors("{" + entry("a", "[1]", "[4,0]") + "}", 4), code::ModelTensorOutside},
            {"EndBeyondFile", safetensors("{" + entry("a", "[2]", "[0,8]") + "}", 4), code::ModelTensorOutside},
            {"NegativeOffset", safetensors("{" + entry("a", "[1]", "[-4,0]") + "}", 4), code::ModelTensorOutside},
            {"Overlap", safetensors("{" + entry("a", "[2]", "[0,8]") + "," + entry("b", "[2]", "[4,12]") + "}", 12), code::ModelTensorOverlap},
            {"HoleBetween", safetensors("{" + entry("a", "[1]", "[0,4]") + "," + entry("b", "[1]", "[8,12]") + "}", 12), code::ModelHole},
            {"BytesAfterTheLast", safetensors("{" + entry("a", "[1]", "[0,4]") + "}", 5), code::ModelHole},
            {"ShapeNeedsMore", safetensors("{" + entry("a", "[3]", "[0,8]") + "}", 8), code::ModelTensorBytes},
            {"ProductOverflows", safetensors("{" + entry("a", "[4294967296,4294967296]", "[0,8]") + "}", 8), code::ModelShape},
            {"OverflowHiddenByZero", safetensors("{" + entry("a", "[4294967296,4294967296,0]", "[0,0]") + "}"), code::ModelShape},
            {"NegativeDimension", safetensors("{" + entry("a", "[-1]", "[0,4]") + "}", 4), code::ModelShape},
            {"FractionalDimension", safetensors("{" + entry("a", "[1.5]", "[0,4]") + "}", 4), code::ModelShape},
            {"TextDimension", safetensors("{" + entry("a", "[\"1\"]", "[0,4]") + "}", 4), code::ModelShape},
            {"HugeDimension", safetensors("{" + entry("a", "[" + huge + "]", "[0,4]") + "}", 4), code::ModelShape},
            {"UnknownDtype", safetensors("{" + entry("a", "[4]", "[0,4]", "F8_E4M3") + "}", 4), code::ModelDtype},
            {"TooManyTensors", safetensors(many + "}"), code::ModelTooManyTensors},
            {"Gguf", "GGUF\3", code::ModelFormat},
            {"ZipOfPickles", "PK\x03\x04 archive/data.pkl", code::ModelFormat}};
}

INSTANTIATE_TEST_SUITE_P(Table, BadWeightFiles, ::testing::ValuesIn(badWeights()), [](const auto &param) { return std::string(param.param.name); });

TEST(Safetensors, TellsHowMuchOfACutFileIsThere)
{
    const std::string file = safetensors("{" + entry("a", "[500000]", "[0,2000000]") + "}", 1000);
    const auto parsed = parseSafetensors(bytesOf(file), "model.safetensors");
    ASSERT_FALSE(parsed);
    EXPECT_EQ(parsed.error().code, code::ModelTensorOutside);
    EXPECT_NE(parsed.error().message.find("of 2.0 MB"), std::string::npos) << parsed.error().message;
}

TEST(ShardIndex, NamesOutsideTheFolderAreRefused)
{
    for (const char *name : {"../x.safetensors", "/etc/x.safetensors", "a/b.safetensors", "..", ".", "", ".hidden.safetensors", "x.bin", "x.safetensors/", "a\\\\b.safetensors", "x\\u0000.safetensors"}) {
        SCOPED_TRACE(name);
        const auto index = parseShardIndex(std::string(R"({"weight_map":{"a":")") + name + "\"}}", "index.json");
        ASSERT_FALSE(index);
        EXPECT_EQ(index.error().code, code::ModelShards);
    }
    for (const char *text : {"", "[]", "{}", R"({"weight_map":[]})", R"({"weight_map":{}})", R"({"weight_map":{"a":1}})", R"({"weight_map":{"a":"x.safetensors","a":"y.safetensors"}})"})
        EXPECT_FALSE(parseShardIndex(text, "index.json")) << text;
    EXPECT_TRUE(parseShardIndex(R"({"metadata":{"total_size":4},"weight_map":{"a":"x.safetensors"}})", "index.json"));
}

TEST(TensorFilesTest, ATensorInTwoShardsOrInTheWrongOneIsRefused)
{
    const TemporaryFolder folder;
    folder.write("one.safetensors", safetensors("{" + entry("a", "[1]", "[0,4]") + "}", 4));
    folder.write("two.safetensors", safetensors("{" + entry("a", "[1]", "[0,4]") + "," + entry("b", "[1]", "[4,8]") + "}", 8));
    folder.write("model.safetensors.index.json", std::string(R"({"weight_map":{"a":"one.safetensors","b":"two.safetensors"}})"));
    const auto twice = TensorFiles::open(folder.path());
    ASSERT_FALSE(twice);
    EXPECT_EQ(twice.error().code, code::ModelShards);
    folder.write("two.safetensors", safetensors("{" + entry("c", "[1]", "[0,4]") + "}", 4));
    const auto lacking = TensorFiles::open(folder.path());
    ASSERT_FALSE(lacking);
    EXPECT_EQ(lacking.error().code, code::ModelShards);
}

TEST(TensorFilesTest, WeightsThatCanRunCodeAreRefusedByName)
{
    const TemporaryFolder folder;
    folder.write("pytorch_model.bin", std::string("x"));
    EXPECT_EQ(TensorFiles::open(folder.path()).error().code, code::ModelFormat);
    EXPECT_EQ(TensorFiles::open(folder / "pytorch_model.bin").error().code, code::ModelFormat);
}

TEST(MappedFileTest, BytesThatACutFileHasLostReadAsZerosAndAreTold)
{
    const TemporaryFolder folder;
    const auto path = folder.write("file", std::string(20'000, 'x'));
    const auto file = MappedFile::open(path);
    ASSERT_TRUE(file);
    EXPECT_FALSE((*file)->hasChanged());
    std::filesystem::resize_file(path, 100);
    EXPECT_EQ((*file)->text()[50], 'x');
    EXPECT_EQ((*file)->text()[15'000], '\0');
    EXPECT_TRUE((*file)->hasChanged());
    std::filesystem::resize_file(path, 20'000);
    EXPECT_TRUE((*file)->hasChanged());
}

TEST(MappedFileTest, AnotherFileInItsPlaceIsNoChange)
{
    const TemporaryFolder folder;
    const auto path = folder.write("file", std::string("old"));
    const auto file = MappedFile::open(path);
    ASSERT_TRUE(file);
    std::filesystem::rename(folder.write("new", std::string("new")), path);
    EXPECT_EQ((*file)->text(), "old");
    EXPECT_FALSE((*file)->hasChanged());
}

TEST(MappedFileTest, WhatIsNoRegularFileIsRefusedWithoutWaiting)
{
    const TemporaryFolder folder;
    EXPECT_EQ(MappedFile::open(folder / "missing").error().code, code::FileNotFound);
    EXPECT_EQ(MappedFile::open(folder.path()).error().code, code::FileNotRegular);
    EXPECT_EQ(MappedFile::open("/dev/zero").error().code, code::FileNotRegular);
}

struct BadConfig
{
    const char *text;   ///< put into a text_config, or the whole file when it starts with '{'
    const char *inside; ///< of the message
};

TEST(ModelConfigTest, EachBadValueIsNamedWithItsRange)
{
    const BadConfig table[] = {{"\"num_hidden_layers\":1000000000", "num_hidden_layers 1000000000 is outside 1..512"},
                               {"\"num_hidden_layers\":0", "is outside 1..512"},
                               {"\"num_hidden_layers\":-1", "is outside 1..512"},
                               {"\"num_hidden_layers\":18446744073709551615", "is outside 1..512"},
                               {"\"num_hidden_layers\":2.5", "is outside 1..512"},
                               {"\"num_hidden_layers\":\"2\"", "is outside 1..512"},
                               {"\"num_attention_heads\":7", "does not divide"},
                               {"\"num_key_value_heads\":3", "does not divide"},
                               {"\"rms_norm_eps\":0", "rms_norm_eps 0 is outside"},
                               {"\"rope_theta\":-1", "rope_theta -1 is outside"},
                               {"\"head_dim\":3", "is odd"},
                               {"\"rope_scaling\":{}", "rope_scaling is not supported"},
                               {"\"use_sliding_window\":true", "not supported"},
                               {"\"hidden_act\":\"gelu\"", "hidden_act 'gelu' is not one of: silu"},
                               {"{", "not valid JSON"},
                               {"{}", "model_type is missing"},
                               {"{\"model_type\":\"gpt2\"}", "'gpt2' is not supported (auroraedge, siglip2, siglip, clip, qwen2, llama, ldpv2)"},
                               {"{\"model_type\":\"auroraedge\"}", "vision_config is missing"},
                               {"{\"model_type\":\"auroraedge\",\"vision_config\":{}}", "text_config is missing"},
                               {"{\"model_type\":\"auroraedge\",\"vision_config\":{\"model_type\":\"qwen2\"},\"text_config\":{}}", "vision_config is not a NaFlex tower"},
                               {"{\"model_type\":\"auroraedge\",\"vision_config\":{\"model_type\":\"siglip_vision_model\"},\"text_config\":{}}", "vision_config is not a NaFlex tower"},
                               {"{\"model_type\":\"auroraedge\",\"vision_config\":{},\"text_config\":{\"model_type\":\"clip_vision_model\"}}", "text_config is not a language model"},
                               {"{\"model_type\":\"clip_vision_model\",\"image_size\":16}", "image_size 16 is smaller than patch_size 32"},
                               {"{\"model_type\":\"siglip_vision_model\",\"hidden_act\":\"relu\"}", "hidden_act 'relu' is not one of"},
                               {"{\"model_type\":\"llama\",\"mlp_bias\":true}", "mlp_bias true is not supported, only false"},
                               {"{\"mm_projector_type\":\"ldpnetv2\",\"grid_side\":7}", "grid_side 7 is odd"},
                               {"{\"model_type\":\"auroraedge\",\"format_version\":2,\"vision_config\":{},\"text_config\":{}}", "format_version 2 is outside 1..1"},
                               {"{\"model_type\":\"auroraedge\",\"vision_config\":7,\"text_config\":{}}", "is not an object"},
                               {"{\"model_type\":\"auroraedge\",\"vision_config\":{},\"text_config\":{},\"fusion\":{\"typ\":\"none\"}}", "'typ' is an unknown key"},
                               {"{\"model_type\":\"auroraedge\",\"vision_config\":{\"num_patches\":200},\"text_config\":{}}", "is not a square number"}};
    for (const BadConfig &row : table) {
        SCOPED_TRACE(row.text);
        const std::string text = row.text[0] == '{' ? row.text : std::string(R"({"model_type":"qwen2",)") + row.text + "}";
        const auto config = parseModelConfig(text);
        ASSERT_FALSE(config);
        EXPECT_EQ(config.error().code, code::ConfigValue);
        EXPECT_NE(config.error().message.find(row.inside), std::string::npos) << config.error().message;
    }
}

TEST(ModelConfigTest, AnEndIdOutsideTheVocabularyIsRefusedAlsoInGenerationConfig)
{
    const std::string plain = R"({"model_type":"qwen2","vocab_size":100})";
    for (const char *generation : {R"({"eos_token_id":100})", R"({"eos_token_id":[5,-1]})", R"({"eos_token_id":"5"})"}) {
        const auto config = parseModelConfig(plain, generation);
        ASSERT_FALSE(config) << generation;
        EXPECT_EQ(config.error().code, code::TokenizerSpecial);
    }
    const auto config = parseModelConfig(plain, R"({"eos_token_id":[5,7]})");
    ASSERT_TRUE(config);
    EXPECT_EQ(std::get<TextConfig>(config->architecture).endIds, (std::vector<std::int64_t>{5, 7}));
}

TEST(ModelConfigTest, BothSpellingsOfRopeThetaAreRead)
{
    for (const char *text : {R"({"model_type":"qwen2","rope_theta":1000000})", R"({"model_type":"qwen2","rope_parameters":{"rope_theta":1000000,"rope_type":"default"}})"}) {
        const auto config = parseModelConfig(text);
        ASSERT_TRUE(config) << config.error().message;
        EXPECT_EQ(std::get<TextConfig>(config->architecture).ropeTheta, 1e6);
    }
}

TEST(NaflexConfigTest, BadValuesAreRefused)
{
    for (const char *text : {"", "[]", R"({"patch_size":0})", R"({"patch_size":18446744073709551615})", R"({"max_num_patches":-1})", R"({"resample":3})",
                             R"({"image_mean":[0.5]})", R"({"image_std":[0,0,0]})", R"({"rescale_factor":0})", R"({"square_grids":[]})",
                             R"({"square_grids":[16,16]})", R"({"square_grids":[17]})", R"({"image_processor_type":"CLIPImageProcessor"})"}) {
        const auto config = parseNaflexConfig(text);
        ASSERT_FALSE(config) << text;
        EXPECT_EQ(config.error().code, code::ConfigValue);
    }
    EXPECT_TRUE(parseNaflexConfig("{}"));
}

TEST(NaflexSizeTest, ASideOfFiftyMillionPixelsKeepsToTheBudget)
{
    // By the reference's rule in Python, whose numbers have no limit.
    EXPECT_EQ(naflexSize({1, 50'000'000}, 16, 256), (PixelSize{16, 3936}));
    EXPECT_EQ(naflexSize({50'000'000, 1}, 16, 256), (PixelSize{3936, 16}));
}

TEST(NaflexSizeTest, APictureThatNoScaleFitsIntoTheBudgetIsRefused)
{
    Frame frame;
    frame.widthPx = 8'000'000;
    frame.heightPx = 1;
    frame.strideBytes = std::ptrdiff_t{3} * frame.widthPx;
    frame.pixels = std::shared_ptr<const std::uint8_t>(new std::uint8_t[3 * 8'000'000](), std::default_delete<const std::uint8_t[]>());
    NaflexConfig config;
    config.patchSize = 1;
    config.maxPatches = 4;
    const auto patches = preprocessNaflex(frame, config);
    ASSERT_FALSE(patches);
    EXPECT_EQ(patches.error().code, code::ImageSizeOutOfRange);
}

class ModelFolderTest : public ::testing::Test
{
protected:
    void SetUp() override
    {
        folder.write("config.json", std::string("{}"));
        folder.write("model.safetensors", std::string("weights"));
        ASSERT_TRUE(writeChecksums(folder.path()));
        ASSERT_TRUE(verifyChecksums(folder.path()));
    }
    ErrorCode verifyError()
    {
        const auto verified = verifyChecksums(folder.path());
        EXPECT_FALSE(verified);
        return verified ? code::Internal : verified.error().code;
    }
    const TemporaryFolder folder;
};

TEST_F(ModelFolderTest, AnAlteredMissingOrAddedFileIsFound)
{
    folder.write("model.safetensors", std::string("Weights"));
    EXPECT_EQ(verifyError(), code::ModelNotApproved);
    std::filesystem::remove(folder / "model.safetensors");
    EXPECT_EQ(verifyError(), code::ModelNotApproved);
    folder.write("model.safetensors", std::string("weights"));
    EXPECT_TRUE(verifyChecksums(folder.path()));
    folder.write("MODEL_CARD.md", std::string("text"));
    folder.write("checkpoint.safetensors", std::string("of a training that goes on")); // nobody loads it
    EXPECT_TRUE(verifyChecksums(folder.path()));
    folder.write("tokenizer.json", std::string("{}"));
    EXPECT_EQ(verifyError(), code::ModelNotApproved);
}

TEST_F(ModelFolderTest, ADamagedListIsNotTrusted)
{
    const std::string list = testing::readFile(folder / "SHA256SUMS");
    const std::string damaged[] = {"x" + list, list + list, std::string(64, 'a') + "  ../config.json\n", std::string(64, 'a') + " config.json\n", std::string(64, 'a')};
    for (const std::string &text : damaged) {
        SCOPED_TRACE(text);
        folder.write("SHA256SUMS", text);
        EXPECT_EQ(verifyError(), code::ModelNotApproved);
        EXPECT_FALSE(modelHash(folder.path()));
    }
}

TEST_F(ModelFolderTest, TheHashIsTheSameWithAndWithoutTheList)
{
    const auto listed = modelHash(folder.path());
    std::filesystem::remove(folder / "SHA256SUMS");
    const auto computed = modelHash(folder.path());
    ASSERT_TRUE(listed && computed);
    EXPECT_EQ(*listed, *computed);
    EXPECT_EQ(listed->size(), 64U);
}

} // namespace
} // namespace auroraedge::engine
