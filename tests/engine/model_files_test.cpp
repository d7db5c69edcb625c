#include "engine/io/mapped_file.h"
#include "engine/io/model_config.h"
#include "engine/io/model_folder.h"
#include "engine/io/safetensors.h"
#include "engine/io/tensor_files.h"
#include "engine/vision/preprocessor.h"
#include "tests/support/peak_memory.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <cstring>
#include <functional>

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
    std::string message; ///< behind "model.safetensors: "

    friend void PrintTo(const BadWeights &bad, std::ostream *stream) { *stream << bad.name; }
};

class BadWeightFiles : public ::testing::TestWithParam<BadWeights>
{
};

TEST_P(BadWeightFiles, HaveTheirOwnCodeAndAreTold)
{
    const auto parsed = parseSafetensors(bytesOf(GetParam().file), "model.safetensors");
    ASSERT_FALSE(parsed);
    EXPECT_EQ(parsed.error().code, GetParam().expected);
    EXPECT_EQ(parsed.error().message, "model.safetensors: " + GetParam().message);
}

std::string lengthOnly(std::uint64_t length)
{
    std::string file(8, '\0');
    std::memcpy(file.data(), &length, 8);
    return file + "{}";
}

/// One tensor 'a' of this shape over four bytes.
std::string shaped(const std::string &shape, const std::string &dtype = "F32")
{
    return safetensors("{" + entry("a", shape, "[0,4]", dtype) + "}", 4);
}

std::vector<BadWeights> badWeights()
{
    const std::string a = entry("a", "[1]", "[0,4]"), impossible = "'a' has an impossible shape", cannotRun = "this format can run code or is not supported; use safetensors";
    const auto emptyTensor = [](std::size_t i) { return entry(std::to_string(i), "[0]", "[0,0]"); };
    return {{"Empty", "", code::ModelFileShort, "file too short (0 bytes)"},
            {"Short", "12345", code::ModelFileShort, "file too short (5 bytes)"},
            {"LengthZero", lengthOnly(0), code::ModelHeaderLength, "header length 0 is impossible"},
            {"LengthBeyondFile", lengthOnly(3), code::ModelHeaderLength, "header length 3 is impossible"},
            {"LengthBeyondLimit", safetensors(std::string(100'000'001, ' ')), code::ModelHeaderLength, "header length 100000001 is impossible"},
            {"LengthOf63Bits", lengthOnly(std::uint64_t{1} << 63), code::ModelHeaderLength, "header length 9223372036854775808 is impossible"},
            {"LengthOverflow", lengthOnly(~std::uint64_t{0}), code::ModelHeaderLength, "header length 18446744073709551615 is impossible"},
            {"NotAnObject", safetensors("[]"), code::ModelHeaderJson, "header is not valid JSON at byte 1"},
            {"SpaceInFront", safetensors(" {}"), code::ModelHeaderJson, "header is not valid JSON at byte 1"},
            {"CutJson", safetensors("{\"a\":"), code::ModelHeaderJson, "header is not valid JSON at byte 6"},
            {"NotUtf8", safetensors("{\"\xC3(\":1}"), code::ModelHeaderJson, "header is not valid JSON at byte 4"},
            {"Deep", safetensors("{\"a\":" + std::string(100'000, '[')), code::ModelHeaderJson, "header is nested too deep"},
            {"BytesAfterJson", safetensors("{}x"), code::ModelHeaderJson, "header is not valid JSON at byte 3"},
            {"LongText", safetensors("{\"" + std::string(2'000'000, 'a') + "\":1}"), code::ModelHeaderJson, "header holds a text of more than 1 MiB"},
            {"EntryNotAnObject", safetensors("{\"a\":7}"), code::ModelHeaderJson, "tensor 'a' lacks dtype, shape or data_offsets"},
            {"EntryWithoutADtype", safetensors("{\"a\":{\"shape\":[],\"data_offsets\":[0,4]}}", 4), code::ModelHeaderJson, "tensor 'a' lacks dtype, shape or data_offsets"},
            {"KeyTwice", safetensors("{\"a\":{\"shape\":[],\"shape\":[]}}"), code::ModelHeaderJson, "header lists 'shape' twice"},
            {"MetadataNotTexts", safetensors("{\"__metadata__\":{\"a\":1}}"), code::ModelHeaderJson, "__metadata__ holds more than texts"},
            {"MetadataTwice", safetensors("{\"__metadata__\":{},\"__metadata__\":{}}"), code::ModelHeaderJson, "__metadata__ is listed twice"},
            {"Twice", safetensors("{" + a + "," + entry("a", "[1]", "[4,8]") + "}", 8), code::ModelTensorTwice, "tensor 'a' is listed twice"},
            {"BeginAfterEnd", safetensors("{" + entry("a", "[1]", "[4,0]") + "}", 4), code::ModelTensorOutside, "tensor 'a' lies outside the file"},
            {"NegativeOffset", safetensors("{" + entry("a", "[1]", "[-4,0]") + "}", 4), code::ModelTensorOutside, "tensor 'a' lies outside the file"},
            {"OneOffset", safetensors("{" + entry("a", "[1]", "[4]") + "}", 4), code::ModelTensorOutside, "tensor 'a' lies outside the file"},
            {"EndBeyondFile", safetensors("{" + entry("a", "[2]", "[0,8]") + "}", 4), code::ModelTensorOutside, "tensor 'a' lies outside the file, which is 66 bytes of 70 bytes"},
            {"Cut", safetensors("{" + a + "," + entry("b", "[500000]", "[4,2000004]") + "}", 1000), code::ModelTensorOutside, "tensor 'b' lies outside the file, which is 1.1 kB of 2.0 MB"},
            {"Overlap", safetensors("{" + entry("a", "[2]", "[0,8]") + "," + entry("b", "[2]", "[4,12]") + "}", 12), code::ModelTensorOverlap, "tensors 'a' and 'b' overlap"},
            {"HoleBetween", safetensors("{" + a + "," + entry("b", "[1]", "[132,136]") + "}", 136), code::ModelHole, "128 unused bytes at 123"},
            {"BytesAfterTheLast", safetensors("{" + a + "}", 11), code::ModelHole, "7 unused bytes at 66"},
            {"ShapeNeedsMore", safetensors("{" + entry("a", "[100]", "[0,200]") + "}", 200), code::ModelTensorBytes, "'a' needs 400 bytes, has 200"},
            {"ProductOverflows", shaped("[4294967296,4294967296]"), code::ModelShape, impossible},
            {"BytesOverflow", shaped("[2305843009213693952]", "F64"), code::ModelShape, impossible},
            {"OverflowHiddenByZero", safetensors("{" + entry("a", "[4294967296,4294967296,0]", "[0,0]") + "}"), code::ModelShape, impossible},
            {"NegativeDimension", shaped("[-1]"), code::ModelShape, impossible},
            {"FractionalDimension", shaped("[1.5]"), code::ModelShape, impossible},
            {"WholeFraction", shaped("[1.0]"), code::ModelShape, impossible},
            {"TextDimension", shaped("[\"1\"]"), code::ModelShape, impossible},
            {"DimensionOf63Bits", shaped("[9223372036854775808]"), code::ModelShape, impossible},
            {"DimensionBeyond64Bits", shaped("[99999999999999999999]"), code::ModelShape, impossible},
            {"ShapeNotAList", shaped("1"), code::ModelShape, impossible},
            {"SeventeenDimensions", shaped("[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]"), code::ModelShape, impossible},
            {"UnknownDtype", shaped("[4]", "F77"), code::ModelDtype, "dtype 'F77' of 'a' is not supported"},
            {"EightBitFloats", shaped("[4]", "F8_E4M3"), code::ModelDtype, "dtype 'F8_E4M3' of 'a' is not supported"},
            {"TooManyTensors", safetensors(testing::repeated("{", 100'001, emptyTensor, "}")), code::ModelTooManyTensors, "more than 100000 tensors"},
            {"NameOf1Megabyte", safetensors("{" + entry(std::string(1'000'000, 'n'), "[0]", "[0,0]") + "}"), code::ModelTooManyTensors,
             "the name '" + std::string(96, 'n') + "...' is longer than 1024 bytes"},
            {"Gguf", "GGUF\3", code::ModelFormat, cannotRun},
            {"TorchScriptZip", "PK\x03\x04 archive/code/__torch__.py", code::ModelFormat, cannotRun}};
}

INSTANTIATE_TEST_SUITE_P(Table, BadWeightFiles, ::testing::ValuesIn(badWeights()), [](const auto &param) { return std::string(param.param.name); });

TEST(Safetensors, AreReadToTheLimits)
{
    const auto emptyTensor = [](std::size_t i) { return entry(std::to_string(i), "[0]", "[0,0]"); };
    const auto parsed = parseSafetensors(bytesOf(safetensors(testing::repeated("{\"__metadata__\":{},", 100'000, emptyTensor, "}"))), "model.safetensors");
    ASSERT_TRUE(parsed) << parsed.error().message;
    EXPECT_EQ(parsed->tensors.size(), 100'000U);
    EXPECT_TRUE(parseSafetensors(bytesOf(shaped("[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]")), "model.safetensors"));
}

/// What opening @p folder is refused with.
Error refusalOf(const std::filesystem::path &folder)
{
    const auto opened = TensorFiles::open(folder);
    EXPECT_FALSE(opened);
    return opened ? Error{} : opened.error();
}

TEST(ShardIndex, NamesOutsideTheFolderAreRefused)
{
    std::vector<std::string> names{"", ".", "..", ".hidden.safetensors", "x.bin", "x.safetensors/", "x.safetensors/..", "x.safetensors\\u0000", "x\\u0000.safetensors",
                                   "~", "file:///x.safetensors", "\\\\\\\\host\\\\x.safetensors", std::string(244, 'x') + ".safetensors"};
    for (const std::string way : {"../", "../../", "./", "/", "//", "/etc/", "a/", "a/../", "a/../../", "....//", "..\\\\",
                                  "\\\\", "a\\\\..\\\\", "C:\\\\", "/proc/self/cwd/", "/dev/fd/", "~/", "\\u002e\\u002e\\u002f", ".."}) {
        for (const std::string file : {"x.safetensors", "model.safetensors/../x.safetensors"})
            names.push_back(way + file);
    }
    ASSERT_GE(names.size(), 50U);
    for (const std::string &name : names) {
        SCOPED_TRACE(name);
        const auto index = parseShardIndex(R"({"weight_map":{"a":")" + name + "\"}}", "index.json");
        ASSERT_FALSE(index);
        EXPECT_EQ(index.error().code, code::ModelShards);
        EXPECT_TRUE(index.error().message.ends_with("' is not allowed")) << index.error().message;
    }
    EXPECT_EQ(parseShardIndex(R"({"weight_map":{"a":"../x"}})", "index.json").error().message, "shard name '../x' is not allowed");
    EXPECT_EQ(parseShardIndex(R"({"weight_map":{"a":"/x.safetensors"}})", "index.json").error().message, "shard name '/x.safetensors' is not allowed");
    EXPECT_TRUE(parseShardIndex(R"({"metadata":{"total_size":4},"weight_map":{"a":"x.safetensors"}})", "index.json"));
}

TEST(ShardIndex, WhatIsNoIndexIsRefusedWithWhatIsWrong)
{
    const std::pair<const char *, const char *> table[] = {{"", "index.json is not valid JSON at byte 1"},
                                                           {"[]", "index.json has no weight_map"},
                                                           {"7", "index.json has no weight_map"},
                                                           {"{}", "index.json has no weight_map"},
                                                           {R"({"weight_map":[]})", "index.json has no weight_map"},
                                                           {R"({"weight_map":{}})", "index.json has no weight_map"},
                                                           {R"({"weight_map":{"a":1}})", "index.json: the shard of 'a' is not a name"},
                                                           {R"({"weight_map":{"a":"x.safetensors","a":"y.safetensors"}})", "index.json lists 'a' twice"}};
    for (const auto &[text, message] : table) {
        SCOPED_TRACE(text);
        const auto index = parseShardIndex(text, "index.json");
        ASSERT_FALSE(index);
        EXPECT_EQ(index.error().code, code::ModelShards);
        EXPECT_EQ(index.error().message, message);
    }
}

TEST(TensorFilesTest, AShardThatLacksATensorOrHasAnothersIsRefused)
{
    const TemporaryFolder folder;
    folder.write("model.safetensors.index.json", std::string(R"({"weight_map":{"a":"one.safetensors","b":"two.safetensors"}})"));
    const auto messageOf = [&](const std::string &two) {
        folder.write("two.safetensors", two);
        const Error error = refusalOf(folder.path());
        EXPECT_EQ(error.code, code::ModelShards);
        return error.message;
    };
    folder.write("one.safetensors", safetensors("{" + entry("a", "[1]", "[0,4]") + "}", 4));
    EXPECT_EQ(messageOf(safetensors("{" + entry("a", "[1]", "[0,4]") + "," + entry("b", "[1]", "[4,8]") + "}", 8)), "tensor 'a' is in two shards");
    EXPECT_EQ(messageOf(safetensors("{" + entry("c", "[1]", "[0,4]") + "}", 4)), "shard 'two.safetensors' lacks tensor 'b'");
    folder.write("one.safetensors", safetensors("{}"));
    EXPECT_EQ(messageOf(safetensors("{" + entry("a", "[1]", "[0,4]") + "," + entry("b", "[1]", "[4,8]") + "}", 8)), "tensor 'a' is not in the shard that the index names");
}

TEST(TensorFilesTest, AMissingShardIsNamed)
{
    const TemporaryFolder folder;
    folder.write("model.safetensors.index.json", std::string(R"({"weight_map":{"a":"one.safetensors"}})"));
    const Error error = refusalOf(folder.path());
    EXPECT_EQ(error.code, code::ModelShards);
    EXPECT_EQ(error.message, "shard 'one.safetensors' is missing");
}

TEST(TensorFilesTest, ABadShardIsNamed)
{
    const TemporaryFolder folder;
    folder.write("model.safetensors.index.json", std::string(R"({"weight_map":{"a":"one.safetensors"}})"));
    folder.write("one.safetensors", safetensors("{" + entry("a", "[1]", "[0,4]") + "}", 0));
    const Error error = refusalOf(folder.path());
    EXPECT_EQ(error.code, code::ModelTensorOutside);
    EXPECT_TRUE(error.message.starts_with("one.safetensors: tensor 'a' lies outside the file")) << error.message;
}

TEST(TensorFilesTest, ShardsTogetherHaveNoMoreTensorsThanOneFile)
{
    const TemporaryFolder folder;
    folder.write("model.safetensors.index.json", std::string(R"({"weight_map":{"0":"one.safetensors","1":"two.safetensors"}})"));
    const auto even = [](std::size_t i) { return entry(std::to_string(2 * i), "[0]", "[0,0]"); };
    const auto odd = [](std::size_t i) { return entry(std::to_string(2 * i + 1), "[0]", "[0,0]"); };
    folder.write("one.safetensors", safetensors(testing::repeated("{", 50'000, even, "}")));
    folder.write("two.safetensors", safetensors(testing::repeated("{", 50'001, odd, "}")));
    const Error error = refusalOf(folder.path());
    EXPECT_EQ(error.code, code::ModelTooManyTensors);
    EXPECT_TRUE(error.message.ends_with(" has more than 100000 tensors")) << error.message;
}

TEST(TensorFilesTest, FormatsThatCanRunCodeAreRefusedByNameAndByContent)
{
    const std::string pickle = "\x80\x02}q\x01.", zip = std::string("PK\x03\x04") + std::string(30, '\0'), gguf = std::string("GGUF\3\0\0\0", 8) + std::string(16, '\0');
    const std::pair<const char *, std::string> files[] = {{"pytorch_model.bin", pickle}, {"model.pt", pickle}, {"model.pth", zip}, {"model.ts", zip},
                                                          {"model.torchscript", zip},     {"model.gguf", gguf}, {"model.safetensors", zip}, {"model.safetensors", gguf}};
    for (const auto &[name, content] : files) {
        SCOPED_TRACE(name);
        const TemporaryFolder folder;
        const auto file = folder.write(name, content);
        for (const auto &chosen : {file, folder.path()}) {
            const Error error = refusalOf(chosen);
            EXPECT_EQ(error.code, code::ModelFormat);
            EXPECT_EQ(error.message, std::string(name) + ": this format can run code or is not supported; use safetensors");
        }
    }
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
                               {"\"num_attention_heads\":7", "num_attention_heads 7 does not divide hidden_size 4096"},
                               {"\"num_key_value_heads\":3", "num_key_value_heads 3 does not divide num_attention_heads 32"},
                               {"\"rms_norm_eps\":0", "rms_norm_eps 0 is outside 1e-12..1"},
                               {"\"rms_norm_eps\":\"1e-6\"", "rms_norm_eps '1e-6' is outside 1e-12..1"},
                               {"\"rms_norm_eps\":1e999", "config.json is not valid JSON at byte"},
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
                               {"{\"model_type\":\"clip_vision_model\",\"num_hidden_layers\":1000000000}", "num_hidden_layers 1000000000 is outside 1..512"},
                               {"{\"model_type\":\"clip_vision_model\",\"num_attention_heads\":7}", "num_attention_heads 7 does not divide hidden_size 768"},
                               {"{\"model_type\":\"clip_vision_model\",\"layer_norm_eps\":0}", "layer_norm_eps 0 is outside 1e-12..1"},
                               {"{\"model_type\":\"auroraedge\",\"vision_config\":{},\"text_config\":{},\"fusion\":{\"cross\":{\"heads\":7}}}",
                                "fusion.cross.heads 7 does not divide hidden_size 4096"},
                               {"{\"model_type\":\"auroraedge\",\"vision_config\":{},\"text_config\":{},\"fusion\":{\"cross\":{\"layer_norm_eps\":0}}}",
                                "fusion.cross.layer_norm_eps 0 is outside 1e-12..1"},
                               {"{\"model_type\":\"auroraedge\",\"vision_config\":{},\"text_config\":{\"num_hidden_layers\":1000000000}}",
                                "text_config.num_hidden_layers 1000000000 is outside 1..512"},
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

TEST(ModelConfigTest, APatchHeadIsNamedByItsClassesOrNotThere)
{
    const auto parsed = [](const std::string &head) {
        return parseModelConfig(R"({"model_type":"auroraedge","vision_config":{},"text_config":{"hidden_size":3072})" + head + "}");
    };
    for (const char *none : {"", R"(,"patch_head":null)"}) {
        const auto config = parsed(none);
        ASSERT_TRUE(config) << config.error().message;
        EXPECT_TRUE(std::get<AuroraEdgeConfig>(config->architecture).patchClasses.empty());
    }
    const auto config = parsed(R"(,"patch_head":{"classes":["object","centre","defect"]})");
    ASSERT_TRUE(config) << config.error().message;
    EXPECT_EQ(std::get<AuroraEdgeConfig>(config->architecture).patchClasses, (std::vector<std::string>{"object", "centre", "defect"}));

    const BadConfig table[] = {{"7", "patch_head.is not an object"},
                               {"{}", "patch_head.classes is not a list of 1..64 names"},
                               {R"({"classes":"defect"})", "patch_head.classes is not a list of 1..64 names"},
                               {R"({"classes":[]})", "patch_head.classes is not a list of 1..64 names"},
                               {R"({"classes":["object",3]})", "patch_head.classes holds 3, which is no name"},
                               {R"({"classes":[""]})", "patch_head.classes holds '', which is no name"},
                               {R"({"classes":["defect","object","defect"]})", "patch_head.classes holds 'defect' twice"},
                               {R"({"classes":["defect"],"rows":1})", "patch_head.'rows' is an unknown key"}};
    for (const BadConfig &row : table) {
        SCOPED_TRACE(row.text);
        const auto bad = parsed(std::string(R"(,"patch_head":)") + row.text);
        ASSERT_FALSE(bad);
        EXPECT_EQ(bad.error().code, code::ConfigValue);
        EXPECT_NE(bad.error().message.find(row.inside), std::string::npos) << bad.error().message;
    }
    std::string many = R"(,"patch_head":{"classes":["0")";
    for (int i = 1; i < 65; ++i)
        many += ",\"" + std::to_string(i) + "\"";
    EXPECT_FALSE(parsed(many + "]}"));
}

TEST(ModelConfigTest, AnEndIdOutsideTheVocabularyIsRefusedWhereverItStands)
{
    struct
    {
        const char *config, *generation, *message;
    } const table[] = {
        {R"({"model_type":"qwen2","vocab_size":100,"eos_token_id":100})", "{}", "config.json: eos_token_id 100 is outside the vocabulary of 100"},
        {R"({"model_type":"qwen2","vocab_size":100})", R"({"eos_token_id":100})", "generation_config.json: eos_token_id 100 is outside the vocabulary of 100"},
        {R"({"model_type":"qwen2","vocab_size":100})", R"({"eos_token_id":[5,-1]})", "generation_config.json: eos_token_id -1 is outside the vocabulary of 100"},
        {R"({"model_type":"qwen2","vocab_size":100})", R"({"eos_token_id":"5"})", "generation_config.json: eos_token_id '5' is outside the vocabulary of 100"},
        {R"({"model_type":"qwen2","vocab_size":100,"eos_token_id":18446744073709551615})", "{}", "config.json: eos_token_id 18446744073709551615 is outside the vocabulary of 100"},
        {R"({"model_type":"auroraedge","vision_config":{},"text_config":{"vocab_size":100,"eos_token_id":[7,100]}})", "{}",
         "config.json: text_config.eos_token_id 100 is outside the vocabulary of 100"},
        {R"({"model_type":"auroraedge","vision_config":{},"text_config":{"vocab_size":100,"hidden_size":3072},"eos_token_id":100})", "{}",
         "config.json: eos_token_id 100 is outside the vocabulary of 100"},
        // Where the vocabulary is not told, that of the family.
        {R"({"model_type":"llama","eos_token_id":32000})", "{}", "config.json: eos_token_id 32000 is outside the vocabulary of 32000"},
        {R"({"model_type":"qwen2"})", R"({"eos_token_id":151936})", "generation_config.json: eos_token_id 151936 is outside the vocabulary of 151936"},
    };
    for (const auto &row : table) {
        SCOPED_TRACE(row.message);
        const auto config = parseModelConfig(row.config, row.generation);
        ASSERT_FALSE(config);
        EXPECT_EQ(config.error().code, code::TokenizerSpecial);
        EXPECT_EQ(config.error().message, row.message);
    }
    const auto config = parseModelConfig(R"({"model_type":"qwen2","vocab_size":100})", R"({"eos_token_id":[5,7]})");
    ASSERT_TRUE(config);
    EXPECT_EQ(std::get<TextConfig>(config->architecture).endIds, (std::vector<std::int64_t>{5, 7}));
}

TEST(ModelConfigTest, NoEndIdIsTakenForGranted)
{
    for (const char *family : {"llama", "qwen2"}) { // whose own default, 2 or 151645, would be outside this vocabulary
        const auto config = parseModelConfig(std::string(R"({"model_type":")") + family + R"(","vocab_size":2})");
        ASSERT_TRUE(config) << config.error().message;
        EXPECT_TRUE(std::get<TextConfig>(config->architecture).endIds.empty());
    }
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

/// A file that wants memory.
struct GreedyFile
{
    const char *name;
    std::string code; ///< empty: it is accepted
    std::function<std::string()> content;
};

class GreedyFiles : public ::testing::Test
{
protected:
    void SetUp() override
    {
        if (testing::kIsSanitized)
            GTEST_SKIP() << "a sanitizer's memory is not the parser's";
    }
};

/// Holds how @p open ends, and what it takes, against what is promised of @p file of @p bytes.
template <typename Open>
void expectFrugal(const GreedyFile &file, std::size_t bytes, Open open)
{
    const testing::Opened opened = testing::openedApart(open);
    EXPECT_EQ(opened.code, file.code);
    EXPECT_LE(opened.peakBytes, testing::allowedPeak(bytes));
}

constexpr std::size_t kSixtyMib = std::size_t{60} << 20;
constexpr std::size_t kMostTensors = 100'000;

/// A name of its own for each @p number, as long as those of real models.
std::string longName(std::size_t number)
{
    const std::string digits = std::to_string(number);
    return "language_model.model.layers." + std::string(8 - digits.size(), '0') + digits + ".self_attn.q_proj.weight";
}

std::string emptyTensor(std::size_t number)
{
    return entry(longName(number), "[0,4096]", "[0,0]");
}

std::string number(std::size_t) { return "0"; }
std::string list(std::size_t) { return "[]"; }
std::string object(std::size_t) { return "{\"\":\"\"}"; }
std::string member(std::size_t i) { return "\"" + std::to_string(i) + "\":" + std::to_string(i); }
std::string text(std::size_t i) { return "\"" + std::to_string(i) + "\":\"" + std::string(40, 'a') + "\""; }

std::vector<GreedyFile> greedyWeights()
{
    using testing::repeated;
    const auto megabyteName = [](std::size_t i) { return entry(std::string(1'000'000, static_cast<char>('A' + i)), "[0]", "[0,0]"); };
    const auto longShape = [](std::size_t i) { return entry(longName(i), repeated("[", 16, number, "]"), "[0,0]"); };
    return {
        {"a header of 2^63 bytes", "MOD-02", [] { return lengthOnly(std::uint64_t{1} << 63); }},
        {"a header of more than 100,000,000 bytes", "MOD-02", [] { return safetensors(std::string(100'000'001, ' ')); }},
        {"100 MB of zeros", "MOD-03", [] { return safetensors(std::string(100'000'000, '\0')); }},
        {"100 MB of nonsense", "MOD-03", [] { return safetensors("{\"" + std::string(99'999'998, 'x')); }},
        {"100 MB of spaces", "MOD-03", [] { return safetensors("{" + std::string(99'999'999, ' ')); }},
        {"a number of 60 MB", "MOD-03", [] { return safetensors("{\"a\":" + std::string(kSixtyMib, '1')); }},
        {"depth", "MOD-03", [] { return safetensors("{\"a\":" + std::string(kSixtyMib, '[')); }},
        {"numbers", "MOD-03", [] { return safetensors(repeated("{\"a\":[", kSixtyMib / 2, number, "]}")); }},
        {"lists", "MOD-03", [] { return safetensors(repeated("{\"a\":[", kSixtyMib / 3, list, "]}")); }},
        {"objects", "MOD-03", [] { return safetensors(repeated("{\"a\":[", kSixtyMib / 8, object, "]}")); }},
        {"members of a tensor", "MOD-03", [] { return safetensors(repeated("{\"a\":{", 3'000'000, member, "}}")); }},
        {"members of the metadata", "MOD-03", [] { return safetensors(repeated("{\"__metadata__\":{", 1'000'000, text, "}}")); }},
        {"names of 1 MB", "MOD-11", [=] { return safetensors(repeated("{", 60, megabyteName, "}")); }},
        {"shapes as long as pass", "", [=] { return safetensors(repeated("{", kMostTensors, longShape, "}")); }},
        {"700,000 tensors", "MOD-11", [] { return safetensors(repeated("{", 700'000, emptyTensor, "}")); }},
        {"as many tensors as pass", "", [] { return safetensors(repeated("{", kMostTensors, emptyTensor, "}")); }},
    };
}

TEST_F(GreedyFiles, WeightsTakeNoMoreThanTheirFileAnd64MiB)
{
    for (const GreedyFile &file : greedyWeights()) {
        SCOPED_TRACE(file.name);
        const TemporaryFolder folder;
        const auto path = folder.write("model.safetensors", file.content());
        expectFrugal(file, std::filesystem::file_size(path), [&] { return TensorFiles::open(path); });
    }
}

std::string inIndex(const std::string &tensor, const std::string &shard) { return "\"" + tensor + "\":\"" + shard + "\""; }
std::string inOneOfTwo(std::size_t i) { return inIndex(longName(i), i % 2 == 0 ? "model-00001-of-00002.safetensors" : "model-00002-of-00002.safetensors"); }

std::vector<GreedyFile> greedyIndexes()
{
    using testing::repeated;
    const auto longerName = [](std::size_t i) { return inIndex(std::string(550, 'a') + longName(i), "x.safetensors"); };
    const auto shardOfItsOwn = [](std::size_t i) { return inIndex(longName(i), longName(i) + ".safetensors"); };
    return {
        {"100,001 names", "MOD-11", [] { return repeated("{\"weight_map\":{", kMostTensors + 1, inOneOfTwo, "}}"); }},
        {"500,000 names", "MOD-18", [] { return repeated("{\"weight_map\":{", 500'000, inOneOfTwo, "}}"); }},
        {"100,000 shards", "MOD-18", [=] { return repeated("{\"weight_map\":{", kMostTensors, shardOfItsOwn, "}}"); }},
        {"names of 600 bytes", "MOD-18", [=] { return repeated("{\"weight_map\":{", kMostTensors, longerName, "}}"); }},
        {"one name", "MOD-18", [] { return "{\"weight_map\":{\"" + std::string(kSixtyMib, 'a') + "\":\"x.safetensors\"}}"; }},
        {"numbers", "MOD-18", [] { return repeated("{\"metadata\":[", kSixtyMib / 2, number, "]}"); }},
        {"lists", "MOD-18", [] { return repeated("{\"weight_map\":[", kSixtyMib / 3, list, "]}"); }},
        {"depth", "MOD-18", [] { return std::string(kSixtyMib, '['); }},
        {"more than 64 MiB", "MOD-18", [] { return std::string(70'000'000, ' '); }},
    };
}

TEST_F(GreedyFiles, AShardIndexTakesNoMoreThanItsFileAnd64MiB)
{
    for (const GreedyFile &file : greedyIndexes()) {
        SCOPED_TRACE(file.name);
        const TemporaryFolder folder;
        const auto path = folder.write("model.safetensors.index.json", file.content());
        expectFrugal(file, std::filesystem::file_size(path), [&] { return TensorFiles::open(folder.path()); });
    }
}

TEST_F(GreedyFiles, AsManyTensorsInShardsAsPassTakeNoMoreThanTheirFilesAnd64MiB)
{
    const TemporaryFolder folder;
    const auto half = [](std::size_t first) {
        return testing::repeated("{", kMostTensors / 2, [=](std::size_t i) { return emptyTensor(2 * i + first); }, "}");
    };
    const std::pair<const char *, std::string> files[] = {{"model-00001-of-00002.safetensors", safetensors(half(0))},
                                                          {"model-00002-of-00002.safetensors", safetensors(half(1))},
                                                          {"model.safetensors.index.json", testing::repeated("{\"weight_map\":{", kMostTensors, inOneOfTwo, "}}")}};
    std::size_t bytes = 0;
    for (const auto &[name, content] : files)
        bytes += std::filesystem::file_size(folder.write(name, content));
    expectFrugal({"as many tensors in shards as pass", "", {}}, bytes, [&] { return TensorFiles::open(folder.path()); });
}

TEST_F(GreedyFiles, ConfigsTakeNoMoreThanTheirFileAnd64MiB)
{
    using testing::repeated;
    constexpr std::size_t kSixteenMb = 16'000'000;
    const GreedyFile files[] = {
        {"numbers", "CFG-01", [=] { return repeated("{\"a\":[", kSixteenMb / 2, number, "]}"); }},
        {"lists", "CFG-01", [=] { return repeated("{\"a\":[", kSixteenMb / 3, list, "]}"); }},
        {"objects", "CFG-01", [=] { return repeated("{\"a\":[", kSixteenMb / 8, object, "]}"); }},
        {"names", "CFG-01", [=] { return repeated("{", 900'000, member, "}"); }},
        {"one name", "CFG-01", [=] { return "{\"" + std::string(kSixteenMb, 'a') + "\":1}"; }},
        {"depth", "CFG-01", [=] { return std::string(kSixteenMb, '['); }},
        {"more than 16 MiB", "CFG-01", [=] { return std::string(60'000'000, ' '); }},
    };
    for (const GreedyFile &file : files) {
        SCOPED_TRACE(file.name);
        const TemporaryFolder folder;
        const std::string content = file.content();
        folder.write("config.json", content);
        expectFrugal(file, content.size(), [&] { return readModelConfig(folder.path()); });
        folder.write("config.json", std::string(R"({"model_type":"qwen2"})"));
        folder.write("generation_config.json", content);
        expectFrugal(file, content.size(), [&] { return readModelConfig(folder.path()); });
        folder.write("preprocessor_config.json", content);
        expectFrugal(file, content.size(), [&] { return readPreprocessorConfig(folder / "preprocessor_config.json"); });
    }
    const TemporaryFolder folder;
    std::size_t bytes = 0;
    for (const char *name : {"config.json", "generation_config.json"})
        bytes += std::filesystem::file_size(folder.write(name, repeated("{\"model_type\":\"qwen2\",", 115'000, member, "}")));
    expectFrugal({"as many names as pass in both", "", {}}, bytes, [&] { return readModelConfig(folder.path()); });
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
    folder.write("SHA256SUMS", std::string(2'000'000, '\n'));
    EXPECT_EQ(verifyError(), code::ModelNotApproved) << "longer than any list";
    std::filesystem::remove(folder / "SHA256SUMS");
    const auto computed = modelHash(folder.path());
    ASSERT_TRUE(listed && computed);
    EXPECT_EQ(*listed, *computed);
    EXPECT_EQ(listed->size(), 64U);
}

} // namespace
} // namespace auroraedge::engine
