#include "engine/training/recomputed.h"

#include <ATen/autocast_mode.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>
#include <torch/csrc/autograd/custom_function.h>

namespace auroraedge::engine {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

/// Of one kind of device on this thread.
struct AutocastState
{
    at::DeviceType device = at::kCPU;
    bool isEnabled = false, isCached = false;
    at::ScalarType dtype = at::kFloat;

    static AutocastState ofThread(at::DeviceType device)
    {
        return {device, at::autocast::is_autocast_enabled(device), at::autocast::is_autocast_cache_enabled(), at::autocast::get_autocast_dtype(device)};
    }
    void apply() const
    {
        at::autocast::set_autocast_enabled(device, isEnabled);
        at::autocast::set_autocast_cache_enabled(isCached);
        at::autocast::set_autocast_dtype(device, dtype);
    }
};

/// Another state while it lives.
class AutocastGuard
{
public:
    explicit AutocastGuard(const AutocastState &state) : m_before(AutocastState::ofThread(state.device)) { state.apply(); }
    ~AutocastGuard() { m_before.apply(); }
    AutocastGuard(const AutocastGuard &) = delete;
    AutocastGuard &operator=(const AutocastGuard &) = delete;

private:
    AutocastState m_before;
};

/// A layer and how it was called, as autograd can keep it.
struct Call final : torch::CustomClassHolder
{
    Call(Layer called, const AutocastState &state) : layer(std::move(called)), autocast(state) {}

    [[nodiscard]] at::Tensor operator()(const at::Tensor &x) const
    {
        const AutocastGuard guard(autocast);
        return layer(x);
    }

    Layer layer;
    AutocastState autocast;
};

/// Hides a tensor from autograd's look at the arguments.
struct Computed
{
    at::Tensor value;
};

struct Recompute : torch::autograd::Function<Recompute>
{
    /// @param anchor asks for a gradient, so that the layer's weights get theirs where x needs none.
    static at::Tensor forward(AutogradContext *context, const c10::intrusive_ptr<Call> &call, const Computed &result, const at::Tensor &x, const at::Tensor &anchor)
    {
        (void)anchor;
        context->saved_data["call"] = c10::IValue::make_capsule(call);
        context->save_for_backward({x});
        return result.value;
    }

    static variable_list backward(AutogradContext *context, const variable_list &gradients)
    {
        const auto call = c10::static_intrusive_pointer_cast<Call>(context->saved_data["call"].toCapsule());
        const at::Tensor x = context->get_saved_variables().front();
        const at::Tensor leaf = x.detach().requires_grad_(x.requires_grad());
        at::Tensor again;
        {
            const at::AutoGradMode recording(true);
            again = (*call)(leaf);
        }
        again.backward(gradients.front()); // down to the leaf and to the layer's own weights
        return {{}, {}, leaf.grad(), {}};
    }
};

} // namespace

at::Tensor recomputed(const Layer &layer, const at::Tensor &x)
{
    if (!at::GradMode::is_enabled())
        return layer(x);
    AutocastState state = AutocastState::ofThread(x.device().type());
    state.isCached = false;
    const auto call = c10::make_intrusive<Call>(layer, state);
    // Recorded, because only so it is seen whether anything in the layer learns; the record goes with the tensor.
    at::Tensor result = (*call)(x);
    if (!result.requires_grad())
        return result;
    result = result.detach();
    return Recompute::apply(call, Computed{result}, x, at::empty({0}, x.options().dtype(at::kFloat)).requires_grad_());
}

} // namespace auroraedge::engine
