// Gradients, and the switches of a thread: whether they are recorded, and autocast.
#include "torch_border.h"

#include <ATen/autocast_mode.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/version.h>

using namespace unpress;

namespace {

torch::autograd::variable_list one(ut_tensor handle) {
    if (!handle) return {};
    return {tensor_of(handle)};
}

}  // namespace

int32_t ut_requires_grad(ut_tensor tensor, int32_t* value) {
    return guarded([&] { *value = tensor_of(tensor).requires_grad(); });
}

int32_t ut_set_requires_grad(ut_tensor tensor, int32_t value) {
    return guarded([&] { tensor_of(tensor).set_requires_grad(value != 0); });
}

int32_t ut_get_grad(ut_tensor tensor, ut_tensor* grad) {
    return guarded([&] {
        const auto& g = tensor_of(tensor).grad();
        *grad = g.defined() ? own(g) : nullptr;
    });
}

int32_t ut_set_grad(ut_tensor tensor, ut_tensor grad) {
    return guarded([&] { tensor_of(tensor).mutable_grad() = grad ? tensor_of(grad) : at::Tensor(); });
}

int32_t ut_backward(ut_tensor tensor, ut_tensor seed, int32_t retain_graph, int32_t create_graph) {
    return guarded([&] { torch::autograd::backward({tensor_of(tensor)}, one(seed), retain_graph != 0, create_graph != 0); });
}

int32_t ut_grad(ut_tensor output, ut_tensor seed, const ut_tensor* inputs, int32_t count, int32_t retain_graph, int32_t create_graph, ut_tensor* grads) {
    for (int32_t k = 0; k < count; k++) grads[k] = nullptr;
    return guarded([&] {
        torch::autograd::variable_list wanted;
        for (int32_t k = 0; k < count; k++) wanted.push_back(tensor_of(inputs[k]));
        auto found = torch::autograd::grad({tensor_of(output)}, wanted, one(seed), retain_graph != 0, create_graph != 0, true);
        for (int32_t k = 0; k < count; k++)
            if (found[k].defined()) grads[k] = own(found[k]);
    });
}

int32_t ut_grad_mode(int32_t enabled, int32_t* previous) {
    return guarded([&] {
        *previous = at::GradMode::is_enabled();
        at::GradMode::set_enabled(enabled != 0);
    });
}

int32_t ut_autocast(int32_t device_type, int32_t dtype, int32_t* previous) {
    return guarded([&] {
        bool on = dtype >= 0;
        auto type = on ? static_cast<at::ScalarType>(dtype) : at::kBFloat16;
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
        auto device = static_cast<at::DeviceType>(device_type);
        *previous = at::autocast::is_autocast_enabled(device) ? static_cast<int32_t>(at::autocast::get_autocast_dtype(device)) : -1;
        at::autocast::set_autocast_enabled(device, on);
        if (on) at::autocast::set_autocast_dtype(device, type);
#else
        if (device_type == static_cast<int32_t>(at::kCPU)) {
            *previous = at::autocast::is_cpu_enabled() ? static_cast<int32_t>(at::autocast::get_autocast_cpu_dtype()) : -1;
            at::autocast::set_cpu_enabled(on);
            if (on) at::autocast::set_autocast_cpu_dtype(type);
        } else {
            *previous = at::autocast::is_enabled() ? static_cast<int32_t>(at::autocast::get_autocast_gpu_dtype()) : -1;
            at::autocast::set_enabled(on);
            if (on) at::autocast::set_autocast_gpu_dtype(type);
        }
#endif
        // Casts of weights are cached within one autocast region; leaving it must forget them, since the optimiser changes the weights.
        if (!on) at::autocast::clear_cache();
    });
}
