#include "app/products/product_folder.h"

#include "app/products/model_checksums.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_frame.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace auroraedge::app {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Json = nlohmann::json;
namespace fs = std::filesystem;

class ProductFolderTest : public ::testing::Test
{
protected:
    ProductFolderTest()
    {
        m_folder.write("base/config.json", std::string(R"({"model_type":"auroraedge","vision_config":{"patch_size":16,"num_patches":256}})"));
        m_folder.write("base/preprocessor_config.json", std::string(R"({"patch_size":16,"max_num_patches":256,"square_grids":[8,16]})"));
        m_folder.write("base/tokenizer.json", std::string("{}"));
        m_folder.write("base/model.safetensors", std::string("weights"));
        m_request.baseFolder = m_folder / "base";
        m_request.outFolder = m_folder / "out";
        m_request.dataSha256 = "abc";
        m_request.steps = 100;
    }
    /// Why the request is refused.
    Error refusal() const
    {
        const Result<ProductFolder> folder = ProductFolder::open(m_request);
        EXPECT_FALSE(folder);
        return folder ? Error() : folder.error();
    }
    Json json(const std::string &name) const { return Json::parse(testing::readFile(m_folder / name)); }
    /// As the trainer leaves it.
    void trained() const
    {
        m_folder.write("out/model.safetensors", std::string("new"));
        m_folder.write("out/best.safetensors", std::string("new"));
        m_folder.write("out/last.safetensors", std::string("other"));
        EXPECT_TRUE(relist(m_folder / "out", {"model.safetensors", "best.safetensors", "last.safetensors", "finetune.json"}, {}));
    }

    testing::TemporaryFolder m_folder;
    FineTuningRequest m_request;
};

TEST_F(ProductFolderTest, TheTrainerSeesTheBaseWithPatchHeadAndOneGrid)
{
    const Result<ProductFolder> folder = ProductFolder::open(m_request);
    ASSERT_TRUE(folder) << folder.error().message;
    EXPECT_EQ(folder->grid(), 10);
    EXPECT_FALSE(folder->isBegun());
    EXPECT_FALSE(fs::exists(m_folder / "out")) << "nothing is begun before the records are checked";
    const Result<fs::path> start = folder->prepareStart();
    ASSERT_TRUE(start);
    EXPECT_EQ(json("out/start/config.json")["patch_head"]["classes"], Json({"object", "centre", "defect"}));
    EXPECT_EQ(json("out/start/preprocessor_config.json")["square_grids"], Json({10}));
    EXPECT_EQ(testing::readFile(*start / "model.safetensors"), "weights");
    EXPECT_TRUE(fs::exists(*start / "tokenizer.json"));
}

TEST_F(ProductFolderTest, AShardedBaseIsLinkedWithItsShards)
{
    fs::remove(m_folder / "base/model.safetensors");
    m_folder.write("base/model.safetensors.index.json", std::string(R"({"metadata":{},"weight_map":{"a":"model-1-of-2.safetensors","b":"model-2-of-2.safetensors","c":"model-1-of-2.safetensors"}})"));
    m_folder.write("base/model-1-of-2.safetensors", std::string("one"));
    EXPECT_EQ(refusal().code, code::ModelShards);
    EXPECT_THAT(refusal().message, HasSubstr("shard model-2-of-2.safetensors of model.safetensors.index.json is missing"));
    m_folder.write("base/model-2-of-2.safetensors", std::string("two"));
    const Result<ProductFolder> folder = ProductFolder::open(m_request);
    ASSERT_TRUE(folder) << folder.error().message;
    const Result<fs::path> start = folder->prepareStart();
    ASSERT_TRUE(start) << start.error().message;
    EXPECT_EQ(testing::readFile(*start / "model-1-of-2.safetensors"), "one");
    EXPECT_EQ(testing::readFile(*start / "model-2-of-2.safetensors"), "two");
    EXPECT_EQ(json("out/start/model.safetensors.index.json")["weight_map"]["b"], "model-2-of-2.safetensors");
    EXPECT_FALSE(fs::exists(*start / "model.safetensors"));

    m_request.outFolder = m_folder / "other";
    m_folder.write("base/model.safetensors.index.json", std::string(R"({"weight_map":{"a":"../elsewhere.safetensors"}})"));
    EXPECT_THAT(refusal().message, HasSubstr("names a shard that is no file beside it"));
    m_request.isFresh = true;
    EXPECT_TRUE(ProductFolder::open(m_request)) << "a fresh start wants no weights";
}

TEST_F(ProductFolderTest, AFreshStartHasNoWeights)
{
    m_request.isFresh = true;
    fs::remove(m_folder / "base/model.safetensors");
    const Result<ProductFolder> folder = ProductFolder::open(m_request);
    ASSERT_TRUE(folder);
    ASSERT_TRUE(folder->prepareStart());
    EXPECT_FALSE(fs::exists(m_folder / "out/start/model.safetensors"));
    m_request.isFresh = false;
    m_request.outFolder = m_folder / "other";
    EXPECT_EQ(refusal().code, code::ModelFolder);
}

TEST_F(ProductFolderTest, ARunGoesOnWithTheSameRequestAlone)
{
    ASSERT_TRUE(ProductFolder::open(m_request)->prepareStart());
    const Result<ProductFolder> again = ProductFolder::open(m_request);
    ASSERT_TRUE(again);
    EXPECT_TRUE(again->isBegun());
    EXPECT_FALSE(again->isTrained());
    m_request.dataSha256 = "abd";
    EXPECT_EQ(refusal().code, code::Usage);
    EXPECT_THAT(refusal().message, HasSubstr("was begun with other options or data ('data_sha256'"));
    m_request.dataSha256 = "abc";
    m_request.isFresh = true;
    EXPECT_THAT(refusal().message, HasSubstr("'fresh': false there, true now"));
}

TEST_F(ProductFolderTest, WhatIsThereIsNotOverwritten)
{
    m_folder.write("out/notes.txt", std::string("mine"));
    EXPECT_EQ(refusal().code, code::Usage);
    EXPECT_THAT(refusal().message, HasSubstr("is not empty"));
    m_folder.write("file", std::string("x"));
    m_request.outFolder = m_folder / "file";
    EXPECT_THAT(refusal().message, HasSubstr("is a file"));
    m_request.outFolder = m_folder / "file/out";
    EXPECT_EQ(refusal().code, code::FolderNotWritable) << "told before the records are looked at";
}

TEST_F(ProductFolderTest, AFinishedProductIsListedAndBare)
{
    const Result<ProductFolder> folder = ProductFolder::open(m_request);
    ASSERT_TRUE(folder->prepareStart());
    trained();
    m_folder.write("out/checkpoint.safetensors", std::string("of a trainer that was killed at its very end"));
    EXPECT_TRUE(ProductFolder::open(m_request)->isTrained());
    Product product;
    product.usesGolden = true;
    ASSERT_TRUE(folder->finish(product, testing::testFrame()));
    const std::string sums = testing::readFile(m_folder / "out/SHA256SUMS");
    for (const char *name : {"product.json", "golden.png", "model.safetensors", "finetune.json"})
        EXPECT_THAT(sums, HasSubstr(std::string("  ") + name + "\n"));
    EXPECT_THAT(sums, Not(HasSubstr("best")));
    for (const char *name : {"start", "best.safetensors", "last.safetensors", "checkpoint.safetensors"})
        EXPECT_FALSE(fs::exists(m_folder / "out" / name)) << name;
    EXPECT_EQ(readProduct(m_folder / "out").value()->golden, "golden.png");
    EXPECT_THAT(refusal().message, HasSubstr("holds a finished product"));
}

TEST_F(ProductFolderTest, AProgramThatEndedBeforeTheListIsGoneOnFrom)
{
    ASSERT_TRUE(ProductFolder::open(m_request)->prepareStart());
    trained();
    ASSERT_TRUE(writeProduct(m_folder / "out", {}));
    const Result<ProductFolder> folder = ProductFolder::open(m_request);
    ASSERT_TRUE(folder);
    EXPECT_TRUE(folder->isTrained());
    EXPECT_FALSE(fs::exists(m_folder / "out/product.json")) << "a file that is not listed would be refused by the engine";
}

TEST_F(ProductFolderTest, ABaseThatCannotBeTaughtIsNamed)
{
    m_request.tile = 170;
    EXPECT_THAT(refusal().message, HasSubstr("a tile of 170 pixels"));
    m_request.tile = 272;
    EXPECT_EQ(refusal().code, code::ConfigValue) << "17 x 17 patches are more than 256";
    m_request.tile = 160;
    m_folder.write("base/config.json", std::string(R"({"model_type":"auroraedge","patch_head":{"classes":["crack"]}})"));
    EXPECT_THAT(refusal().message, HasSubstr("has other classes"));
    m_folder.write("base/config.json", std::string(R"({"model_type":"qwen2"})"));
    EXPECT_EQ(refusal().code, code::ModelFolder);
    m_folder.write("base/config.json", std::string("[]"));
    EXPECT_EQ(refusal().code, code::ConfigValue);
    EXPECT_FALSE(fs::exists(m_folder / "out"));
}

} // namespace
} // namespace auroraedge::app
