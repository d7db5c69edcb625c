#include "engine/training/data_parallel.h"

#include "engine/core/guarded.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/full.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>

// The wheel's libtorch_cpu.so exports gloo's process group, but the wheel lacks the headers of gloo that its declaration
// includes. It only points to gloo's types, so engine/training/gloo declares them, and the layout is the wheel's own.
#define USE_C10D_GLOO
#include <torch/csrc/distributed/c10d/FileStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>

#include <arpa/inet.h>
#include <csignal>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

namespace auroraedge::engine {

namespace {

constexpr std::size_t kBucketBytes = std::size_t{25} << 20;
constexpr char kThisMachine[] = "127.0.0.1";

/// This machine's address on the way to @p host, which need not be what its own name resolves to (127.0.1.1 on Debian).
std::string addressTowards(const std::string &host, std::uint16_t port)
{
    addrinfo hints{}, *found = nullptr;
    hints.ai_socktype = SOCK_DGRAM;
    const int problem = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
    TORCH_CHECK(problem == 0, host, ": ", gai_strerror(problem));
    const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> kept(found, &freeaddrinfo);
    const int probe = socket(found->ai_family, SOCK_DGRAM, 0);
    sockaddr_storage own{};
    socklen_t length = sizeof own;
    char text[NI_MAXHOST] = {};
    // Connecting a datagram socket sends nothing; it only chooses the way.
    const bool isKnown = connect(probe, found->ai_addr, found->ai_addrlen) == 0 && getsockname(probe, reinterpret_cast<sockaddr *>(&own), &length) == 0
        && getnameinfo(reinterpret_cast<sockaddr *>(&own), length, text, sizeof text, nullptr, 0, NI_NUMERICHOST) == 0;
    close(probe);
    TORCH_CHECK(isKnown, "there is no way to ", host);
    return text;
}

/// While it lives, threads begin without SIGPIPE. gloo's write to sockets, and where the other process is gone the signal would end
/// this one without a word.
class PipesMayBreak final
{
public:
    PipesMayBreak()
    {
        sigset_t broken;
        sigemptyset(&broken);
        sigaddset(&broken, SIGPIPE);
        pthread_sigmask(SIG_BLOCK, &broken, &m_before);
    }
    ~PipesMayBreak() { pthread_sigmask(SIG_SETMASK, &m_before, nullptr); }
    PipesMayBreak(const PipesMayBreak &) = delete;
    PipesMayBreak &operator=(const PipesMayBreak &) = delete;

private:
    sigset_t m_before;
};

/// The first sentence of what gloo says, without the place in its source that it begins with.
std::string plainReason(std::string said)
{
    if (said.starts_with('['))
        said.erase(0, said.find(' ') + 1);
    return said.substr(0, said.find(". "));
}

/// Calls @p change with flat CPU tensors that hold @p tensors one behind the other, about kBucketBytes at a time, and puts
/// back what it made of them: few large messages instead of many small ones.
template <typename Change>
void inBuckets(const std::vector<at::Tensor> &tensors, Change change)
{
    for (std::size_t first = 0, end = 0; first < tensors.size(); first = end) {
        std::vector<at::Tensor> rows;
        for (std::size_t bytes = 0; end < tensors.size() && tensors[end].scalar_type() == tensors[first].scalar_type(); ++end) {
            if (end > first && bytes + tensors[end].nbytes() > kBucketBytes)
                break;
            bytes += tensors[end].nbytes();
            rows.push_back(tensors[end].reshape({-1}));
        }
        at::Tensor flat = at::cat(rows).to(at::kCPU);
        change(flat);
        std::int64_t offset = 0;
        for (std::size_t i = first; i < end; ++i) {
            at::Tensor(tensors[i]).copy_(flat.narrow(0, offset, tensors[i].numel()).view(tensors[i].sizes()));
            offset += tensors[i].numel();
        }
    }
}

} // namespace

struct DataParallel::Group
{
    c10::intrusive_ptr<c10d::ProcessGroupGloo> gloo;

    void sum(const at::Tensor &flat) const
    {
        std::vector<at::Tensor> tensors{flat};
        gloo->allreduce(tensors)->wait();
    }
    void broadcast(const at::Tensor &flat) const
    {
        std::vector<at::Tensor> tensors{flat};
        gloo->broadcast(tensors)->wait(); // of rank 0
    }
};

DataParallel::DataParallel(const Place &place) : m_place(place) {}
DataParallel::DataParallel(DataParallel &&) noexcept = default;
DataParallel &DataParallel::operator=(DataParallel &&) noexcept = default;
DataParallel::~DataParallel() = default;

/// @p body with what it throws as an error; most that goes wrong between processes is another one's end.
Result<void> DataParallel::exchange(const std::function<void()> &body) const
{
    const at::NoGradGuard noGrad;
    constexpr std::string_view kWhere = "between processes";
    Result<void> done = guarded(kWhere, [&]() -> Result<void> {
        body();
        return {};
    });
    if (done || done.error().code != code::Internal)
        return done;
    const std::string reason = plainReason(done.error().message.substr(kWhere.size() + 2)); // behind the colon
    return failure(code::EngineStuck, "process " + std::to_string(m_place.rank) + " of " + std::to_string(m_place.size)
                       + " cannot go on without the others (" + reason + ")");
}

Result<DataParallel> DataParallel::join(const Place &place)
{
    if (place.rank < 0 || place.rank >= place.size)
        return failure(code::RecipeValue, "there is no process " + std::to_string(place.rank) + " among " + std::to_string(place.size));
    if (place.size > 1 && place.file.empty() && place.host.empty())
        return failure(code::RecipeValue, "several processes need a file or an address to meet at");
    DataParallel parallel(place);
    if (place.size > 1)
        if (const Result<void> met = parallel.exchange([&] { parallel.meet(); }); !met)
            return failure(met.error());
    return parallel;
}

void DataParallel::meet()
{
    const PipesMayBreak pipesMayBreak;
    c10::intrusive_ptr<c10d::Store> store;
    if (m_place.file.empty()) {
        c10d::TCPStoreOptions options;
        options.port = m_place.port;
        options.isServer = m_place.rank == 0;
        options.numWorkers = static_cast<std::size_t>(m_place.size);
        options.timeout = m_place.timeout;
        options.useLibUV = false; // not every LibTorch is built with it
        store = c10::make_intrusive<c10d::TCPStore>(m_place.host, options);
    } else {
        store = c10::make_intrusive<c10d::FileStore>(m_place.file.string(), m_place.size);
    }
    store->setTimeout(m_place.timeout);
    const auto options = c10d::ProcessGroupGloo::Options::create(m_place.timeout);
    options->devices.push_back(c10d::ProcessGroupGloo::createDeviceForHostname(m_place.file.empty() ? addressTowards(m_place.host, m_place.port) : kThisMachine));
    m_group = std::make_unique<Group>(c10::make_intrusive<c10d::ProcessGroupGloo>(store, m_place.rank, m_place.size, options));
}

Result<void> DataParallel::averageGradients(const std::map<std::string, at::Tensor> &parameters)
{
    if (!m_group)
        return {};
    return exchange([&] {
        // How many processes have each gradient: what none has is left out.
        at::Tensor holders = at::zeros({static_cast<std::int64_t>(parameters.size())});
        float *holder = holders.mutable_data_ptr<float>();
        for (const auto &[name, parameter] : parameters)
            *holder++ = parameter.grad().defined() ? 1 : 0;
        m_group->sum(holders);
        std::vector<at::Tensor> gradients;
        holder = holders.mutable_data_ptr<float>();
        for (const auto &[name, parameter] : parameters) {
            if (*holder++ == 0)
                continue;
            if (!parameter.grad().defined())
                parameter.mutable_grad() = at::zeros_like(parameter);
            gradients.push_back(parameter.grad());
        }
        inBuckets(gradients, [&](at::Tensor &flat) {
            m_group->sum(flat);
            flat.div_(m_place.size);
        });
    });
}

Result<void> DataParallel::broadcast(const std::map<std::string, at::Tensor> &tensors)
{
    if (!m_group)
        return {};
    return exchange([&] {
        std::vector<at::Tensor> values;
        for (const auto &[name, tensor] : tensors)
            values.push_back(tensor);
        inBuckets(values, [&](at::Tensor &flat) { m_group->broadcast(flat); });
    });
}

Result<double> DataParallel::sum(double value)
{
    if (!m_group)
        return value;
    at::Tensor total;
    const Result<void> done = exchange([&] {
        total = at::full({1}, value, at::kDouble);
        m_group->sum(total);
    });
    if (!done)
        return failure(done.error());
    return total.item<double>();
}

Result<void> DataParallel::barrier()
{
    if (!m_group)
        return {};
    return exchange([&] { m_group->gloo->barrier()->wait(); });
}

} // namespace auroraedge::engine
