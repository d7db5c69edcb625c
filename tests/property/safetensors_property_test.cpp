#include "engine/io/safetensors.h"
#include "engine/io/tensor_files.h"
#include "tests/property/random.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace auroraedge::engine {
namespace {

using testing::Random;

constexpr Dtype kDtypes[] = {Dtype::F32, Dtype::F16, Dtype::BF16, Dtype::F64, Dtype::I64, Dtype::I32, Dtype::I16, Dtype::I8, Dtype::U8, Dtype::Bool};

/// A few tensors with names, types and shapes of every kind; scalars and empty ones too.
class RandomTensors
{
public:
    explicit RandomTensors(Random &random)
    {
        const int count = random.intIn(0, 8);
        for (int i = 0; i < count; ++i) {
            TensorToWrite tensor;
            tensor.name = std::to_string(i) + random.text(random.below(12)); // the number keeps names apart
            tensor.dtype = kDtypes[random.below(std::size(kDtypes))];
            std::size_t bytes = bytesOf(tensor.dtype);
            for (int axis = random.intIn(0, 4); axis > 0; --axis) {
                tensor.shape.push_back(random.intIn(0, 5));
                bytes *= static_cast<std::size_t>(tensor.shape.back());
            }
            m_contents.push_back(random.bytes(bytes));
            m_tensors.push_back(tensor);
        }
        for (std::size_t i = 0; i < m_tensors.size(); ++i)
            m_tensors[i].bytes = std::as_bytes(std::span(m_contents[i]));
    }
    const std::vector<TensorToWrite> &all() const { return m_tensors; }

private:
    std::vector<std::string> m_contents;
    std::vector<TensorToWrite> m_tensors;
};

TEST(SafetensorsProperty, WhatWasWrittenIsRead)
{
    const testing::TemporaryFolder folder;
    Random random(/*seed=*/21);
    for (int round = 0; round < 200; ++round) {
        SCOPED_TRACE(round);
        const RandomTensors tensors(random);
        const std::map<std::string, std::string> metadata{{"note", random.text(5)}};
        const auto written = writeTensors(folder / "x.safetensors", tensors.all(), metadata);
        ASSERT_TRUE(written) << written.error().message;
        const auto read = TensorFiles::open(folder / "x.safetensors");
        ASSERT_TRUE(read) << read.error().message;
        EXPECT_EQ(read->metadata(), metadata);
        ASSERT_EQ(read->tensors().size(), tensors.all().size());
        for (const TensorToWrite &wanted : tensors.all()) {
            const MappedTensor *found = read->find(wanted.name);
            ASSERT_NE(found, nullptr);
            EXPECT_EQ(found->dtype, wanted.dtype);
            EXPECT_EQ(found->shape, wanted.shape);
            EXPECT_TRUE(std::ranges::equal(found->bytes, wanted.bytes));
            EXPECT_EQ(reinterpret_cast<std::uintptr_t>(found->bytes.data()) % bytesOf(wanted.dtype), 0U); // so it needs no copy
        }
    }
}

TEST(SafetensorsProperty, NoPartOfAFileIsTakenForTheWhole)
{
    const testing::TemporaryFolder folder;
    Random random(/*seed=*/22);
    for (int round = 0; round < 40; ++round) {
        SCOPED_TRACE(round);
        const RandomTensors tensors(random);
        ASSERT_TRUE(writeTensors(folder / "x.safetensors", tensors.all()));
        const std::string file = testing::readFile(folder / "x.safetensors");
        ASSERT_TRUE(parseSafetensors(std::as_bytes(std::span(file)), "x"));
        for (std::size_t length = 0; length < file.size(); ++length)
            ASSERT_FALSE(parseSafetensors(std::as_bytes(std::span(file).first(length)), "x")) << length << " of " << file.size() << " bytes";
        const std::string longer = file + '\0';
        EXPECT_FALSE(parseSafetensors(std::as_bytes(std::span(longer)), "x"));
    }
}

} // namespace
} // namespace auroraedge::engine
