#include "engine/training/data_parallel.h"

#include "engine/io/tensor_files.h"
#include "engine/io/weights.h"
#include "engine/training/initialise.h"
#include "engine/training/optimiser.h"
#include "tests/support/temporary_folder.h"

#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/full.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/zeros.h>
#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iostream>

namespace auroraedge::engine {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using Tensors = std::map<std::string, at::Tensor>;

/// Two leaves and the mean loss of rows [first, first + count) of eight.
struct Net
{
    explicit Net(std::uint64_t seed)
    {
        for (const auto &[name, shape] : {std::pair("first", Shape{16, 8}), std::pair("second", Shape{4, 16})})
            parameters[name] = freshConnector(name, shape, seed, 0.3).requires_grad_();
    }
    [[nodiscard]] at::Tensor loss(std::int64_t first, std::int64_t count) const
    {
        const at::Tensor rows = freshConnector("rows", {8, 8}, 1, 1).narrow(0, first, count);
        const at::Tensor wanted = freshConnector("wanted", {8, 4}, 1, 1).narrow(0, first, count);
        return (at::linear(at::gelu(at::linear(rows, parameters.at("first"))), parameters.at("second")) - wanted).pow(2).mean();
    }
    [[nodiscard]] Tensors gradients() const
    {
        Tensors gradients;
        for (const auto &[name, parameter] : parameters)
            gradients[name] = parameter.grad();
        return gradients;
    }

    Tensors parameters;
};

class DataParallelTest : public ::testing::Test
{
protected:
    /// One thread: a process that was forked from one with a pool of them would wait for threads it does not have.
    void SetUp() override { at::set_num_threads(1); }

    [[nodiscard]] DataParallel::Place place(int rank, std::chrono::milliseconds timeout = 30s) const
    {
        return {.rank = rank, .size = 2, .file = m_folder / "meeting", .timeout = timeout};
    }
    [[nodiscard]] DataParallel joined(int rank, std::chrono::milliseconds timeout = 30s) const
    {
        return must(DataParallel::join(place(rank, timeout)));
    }

    /// Ends a process whose @p result is an error.
    template <typename T>
    static T must(Result<T> result)
    {
        if (!result) {
            std::cerr << result.error().message << std::endl;
            _exit(1);
        }
        return T(std::move(*result));
    }
    static void must(const Result<void> &result)
    {
        if (!result) {
            std::cerr << result.error().message << std::endl;
            _exit(1);
        }
    }

    /// Runs @p body in @p count processes at once. @return what each made, by rank; nothing of one that ended otherwise.
    std::vector<Tensors> apart(int count, const std::function<Tensors(int rank)> &body) const
    {
        std::vector<pid_t> children;
        for (int rank = 0; rank < count; ++rank) {
            children.push_back(fork());
            if (children.back() == 0)
                _exit(writeTensorMap(m_folder / std::to_string(rank), body(rank)) ? 0 : 1);
        }
        std::vector<Tensors> made(children.size());
        for (std::size_t rank = 0; rank < children.size(); ++rank) {
            int status = 0;
            waitpid(children[rank], &status, 0);
            if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
                continue;
            const Result<TensorFiles> files = TensorFiles::open(m_folder / std::to_string(rank));
            for (const auto &[name, tensor] : files->tensors())
                made[rank][name] = viewOf(tensor, files->mapping());
        }
        return made;
    }

    /// How an exchange went: how long it took, and whether it failed with ENG-02.
    template <typename T>
    static Tensors told(const Result<T> &result, Clock::time_point start)
    {
        if (!result)
            std::cerr << result.error().message << std::endl;
        const bool isLost = !result && result.error().code == code::EngineStuck;
        return {{"seconds", at::full({1}, std::chrono::duration<double>(Clock::now() - start).count())}, {"is_lost", at::full({1}, isLost ? 1.0 : 0.0)}};
    }
    static double valueOf(const Tensors &tensors, const char *name) { return tensors.at(name).item<double>(); }

    testing::TemporaryFolder m_folder;
};

TEST_F(DataParallelTest, GradientsOfTwoHalvesAverageToThoseOfTheWholeBatch)
{
    const Tensors whole = apart(1, [](int) {
        const Net net(1);
        net.loss(0, 8).backward();
        return net.gradients();
    }).front();
    const auto halves = apart(2, [this](int rank) {
        DataParallel parallel = joined(rank);
        const Net net(1);
        net.loss(4 * rank, 4).backward();
        must(parallel.averageGradients(net.parameters));
        return net.gradients();
    });
    ASSERT_EQ(whole.size(), 2U);
    for (const auto &[name, gradient] : whole) {
        ASSERT_TRUE(halves[0].contains(name) && halves[1].contains(name));
        EXPECT_LT((halves[0].at(name) - gradient).norm().item<double>(), 1e-6 * gradient.norm().item<double>()) << name;
        EXPECT_TRUE(halves[0].at(name).equal(halves[1].at(name))) << name;
    }
}

TEST_F(DataParallelTest, AfterABroadcastAndFiveStepsAllHoldTheSameBits)
{
    const auto made = apart(2, [this](int rank) {
        DataParallel parallel = joined(rank);
        const Net net(1 + static_cast<std::uint64_t>(rank)); // they start apart
        must(parallel.broadcast(net.parameters));
        Optimiser optimiser(net.parameters, Optimiser::published());
        for (int step = 0; step < 5; ++step) {
            net.loss(4 * rank, 4).backward();
            must(parallel.averageGradients(net.parameters));
            optimiser.step(1e-2, 0);
        }
        return net.parameters;
    });
    for (const auto &[name, start] : Net(1).parameters) {
        ASSERT_TRUE(made[0].contains(name) && made[1].contains(name));
        EXPECT_TRUE(made[0].at(name).equal(made[1].at(name))) << name;
        EXPECT_FALSE(made[0].at(name).equal(start)) << name;
    }
}

TEST_F(DataParallelTest, AMissingGradientCountsAsZerosAndOneThatAllLackStaysMissing)
{
    const auto made = apart(2, [this](int rank) {
        DataParallel parallel = joined(rank);
        const Tensors parameters{{"both", at::zeros({3})}, {"none", at::zeros({3})}, {"one", at::zeros({2, 2})}};
        parameters.at("both").mutable_grad() = at::full({3}, 1.0 + rank);
        if (rank == 1)
            parameters.at("one").mutable_grad() = at::full({2, 2}, 4.0);
        must(parallel.averageGradients(parameters));
        return Tensors{{"both", parameters.at("both").grad()}, {"one", parameters.at("one").grad()}, {"none", at::full({1}, parameters.at("none").grad().defined() ? 1.0 : 0.0)}};
    });
    for (const Tensors &tensors : made) {
        ASSERT_EQ(tensors.size(), 3U);
        EXPECT_TRUE(tensors.at("both").equal(at::full({3}, 1.5)));
        EXPECT_TRUE(tensors.at("one").equal(at::full({2, 2}, 2.0)));
        EXPECT_EQ(valueOf(tensors, "none"), 0);
    }
}

TEST_F(DataParallelTest, GradientsOfSeveralBucketsAndTypesComeBackInTheirPlaces)
{
    const auto made = apart(2, [this](int rank) {
        DataParallel parallel = joined(rank);
        Tensors parameters, gradients;
        for (int i = 0; i < 5; ++i) // of 14 MB, and a small one of another type behind each
            for (const at::ScalarType type : {at::kFloat, at::kDouble}) {
                const std::string name = std::to_string(i) + (type == at::kFloat ? "a" : "b");
                at::Tensor &parameter = parameters[name] = type == at::kFloat ? at::zeros({1750, 2000}) : at::zeros({3}, type);
                parameter.mutable_grad() = at::full(parameter.sizes(), i + 1.0 + rank, parameter.options()).t().contiguous().t();
            }
        must(parallel.averageGradients(parameters));
        for (const auto &[name, parameter] : parameters)
            gradients[name] = (parameter.grad() == std::stoi(name) + 1.5).all().to(at::kFloat);
        return gradients;
    });
    for (const Tensors &tensors : made) {
        ASSERT_EQ(tensors.size(), 10U);
        for (const auto &[name, isRight] : tensors)
            EXPECT_EQ(isRight.item<double>(), 1) << name;
    }
}

TEST_F(DataParallelTest, ProcessesMeetAtAnAddressAndAddUp)
{
    // A port that is free: the kernel gave it a moment ago.
    const int probe = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    ASSERT_EQ(bind(probe, reinterpret_cast<sockaddr *>(&address), length), 0);
    ASSERT_EQ(getsockname(probe, reinterpret_cast<sockaddr *>(&address), &length), 0);
    close(probe);
    const auto made = apart(3, [&](int rank) {
        DataParallel parallel = must(DataParallel::join({.rank = rank, .size = 3, .host = "localhost", .port = ntohs(address.sin_port), .timeout = 30s}));
        const double sum = must(parallel.sum(0.5 + rank));
        must(parallel.barrier());
        return Tensors{{"sum", at::full({1}, sum)}};
    });
    for (const Tensors &tensors : made) {
        ASSERT_EQ(tensors.size(), 1U);
        EXPECT_EQ(valueOf(tensors, "sum"), 4.5);
    }
}

TEST_F(DataParallelTest, AKilledProcessIsAnErrorAtOnce)
{
    const Tensors left = apart(2, [this](int rank) {
        DataParallel parallel = joined(rank);
        const std::filesystem::path isThere = m_folder / "rank 0 is there";
        if (rank == 1) { // its end may come as soon as both have met, not before
            while (!std::filesystem::exists(isThere))
                usleep(1000);
            raise(SIGKILL);
        }
        std::ofstream(isThere) << "yes";
        const Net net(1);
        net.loss(0, 4).backward();
        const auto start = Clock::now();
        return told(parallel.averageGradients(net.parameters), start);
    }).front();
    ASSERT_EQ(left.size(), 2U);
    EXPECT_EQ(valueOf(left, "is_lost"), 1);
    EXPECT_LT(valueOf(left, "seconds"), 10); // of the 30 allowed
}

TEST_F(DataParallelTest, ASilentProcessIsAnErrorAfterTheTimeout)
{
    const Tensors left = apart(2, [this](int rank) {
        DataParallel parallel = joined(rank, 2s);
        if (rank == 1)
            sleep(5);
        const auto start = Clock::now();
        return told(parallel.sum(1), start);
    }).front();
    ASSERT_EQ(left.size(), 2U);
    EXPECT_EQ(valueOf(left, "is_lost"), 1);
    EXPECT_GT(valueOf(left, "seconds"), 1.5);
    EXPECT_LT(valueOf(left, "seconds"), 4.5);
}

TEST_F(DataParallelTest, AProcessThatNeverComesIsAnErrorAfterTheTimeout)
{
    const Tensors left = apart(1, [this](int rank) {
        const auto start = Clock::now();
        return told(DataParallel::join(place(rank, 2s)), start);
    }).front();
    ASSERT_EQ(left.size(), 2U);
    EXPECT_EQ(valueOf(left, "is_lost"), 1);
    EXPECT_LT(valueOf(left, "seconds"), 10);
}

TEST_F(DataParallelTest, AloneThereIsNothingToExchange)
{
    Result<DataParallel> alone = DataParallel::join({});
    ASSERT_TRUE(alone);
    const at::Tensor parameter = at::ones({2});
    parameter.mutable_grad() = at::full({2}, 3.0);
    EXPECT_TRUE(alone->averageGradients({{"one", parameter}}));
    EXPECT_TRUE(alone->broadcast({{"one", parameter}}));
    EXPECT_TRUE(alone->barrier());
    EXPECT_EQ(*alone->sum(2.5), 2.5);
    EXPECT_TRUE(parameter.equal(at::ones({2})) && parameter.grad().equal(at::full({2}, 3.0)));
}

TEST_F(DataParallelTest, APlaceThatCannotBeIsRefused)
{
    for (const DataParallel::Place &wrong : {DataParallel::Place{.rank = 2, .size = 2, .file = "x"}, DataParallel::Place{.rank = -1, .size = 2, .file = "x"},
                                             DataParallel::Place{.rank = 0, .size = 2}}) {
        const Result<DataParallel> joined = DataParallel::join(wrong);
        ASSERT_FALSE(joined);
        EXPECT_EQ(joined.error().code, code::RecipeValue);
    }
}

} // namespace
} // namespace auroraedge::engine
