#include "torch_bridge.h"

#include "torch_memory.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/autocast_mode.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/cuda.h>
#include <torch/utils.h>
#include <torch/version.h>

#ifdef UT_WITH_CUDA
#include <c10/cuda/CUDACachingAllocator.h>
#include <cuda_runtime_api.h>
#endif

#include <atomic>
#include <cstring>
#include <optional>
#include <string>

namespace {

#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 5)
using maybe_tensor = std::optional<at::Tensor>;
#else
using maybe_tensor = c10::optional<at::Tensor>;
#endif

thread_local std::string last_error;
std::atomic<int64_t> live_tensors{0};

// When this library is loaded: nothing that C# does with tensors comes before.
const bool memory_installed = (unpress::install_tensor_memory(), true);

// libtorch's messages carry a C++ backtrace; the first paragraph is what a person needs.
int32_t fail(const char* text) {
    last_error = text;
    auto end = last_error.find("\nException raised from");
    if (end != std::string::npos) last_error.resize(end);
    return 1;
}

template <typename F>
int32_t guarded(F&& body) {
    try {
        body();
        return 0;
    } catch (const c10::Error& e) {
        return fail(e.what_without_backtrace());
    } catch (const std::exception& e) {
        return fail(e.what());
    } catch (...) {
        return fail("unknown native failure");
    }
}

ut_tensor own(at::Tensor t) {
    auto* handle = new at::Tensor(std::move(t));
    live_tensors.fetch_add(1, std::memory_order_relaxed);
    return handle;
}

const at::Tensor& tensor_of(const void* handle) {
    TORCH_CHECK(handle != nullptr, "null tensor handle");
    return *static_cast<const at::Tensor*>(handle);
}

at::Device device_of(const ut_value& v) {
    return at::Device(static_cast<at::DeviceType>(v.i), static_cast<at::DeviceIndex>(v.count));
}

bool wants_float(const c10::TypePtr& type) {
    if (type->kind() == c10::TypeKind::FloatType) return true;
    auto optional = type->cast<c10::OptionalType>();
    return optional && optional->getElementType()->kind() == c10::TypeKind::FloatType;
}

// Tensor?[] (index operators) and Tensor[] are different lists to the dispatcher.
c10::IValue tensor_list(const ut_value& v, bool optional) {
    auto* handles = static_cast<ut_tensor const*>(v.p);
    if (optional) {
        c10::List<maybe_tensor> list;
        list.reserve(v.count);
        for (int32_t k = 0; k < v.count; k++)
            list.push_back(handles[k] ? maybe_tensor(tensor_of(handles[k])) : maybe_tensor());
        return list;
    }
    c10::List<at::Tensor> list;
    list.reserve(v.count);
    for (int32_t k = 0; k < v.count; k++) list.push_back(tensor_of(handles[k]));
    return list;
}

template <typename T, typename Stored>
c10::List<T> number_list(const ut_value& v) {
    auto* numbers = static_cast<const Stored*>(v.p);
    c10::List<T> list;
    list.reserve(v.count);
    for (int32_t k = 0; k < v.count; k++) list.push_back(static_cast<T>(numbers[k]));
    return list;
}

c10::IValue default_of(const c10::Argument& argument) {
    TORCH_CHECK(argument.default_value().has_value(), "argument '", argument.name(), "' has no default and was not given");
    return *argument.default_value();
}

c10::IValue to_ivalue(const ut_value& v, const c10::Argument& argument) {
    switch (v.tag) {
        case UT_NONE: return c10::IValue();
        case UT_TENSOR: return v.p ? c10::IValue(tensor_of(v.p)) : c10::IValue();
        case UT_INT: return wants_float(argument.type()) ? c10::IValue(static_cast<double>(v.i)) : c10::IValue(v.i);
        case UT_FLOAT: return v.d;
        case UT_BOOL: return v.i != 0;
        case UT_STRING: return std::string(static_cast<const char*>(v.p), v.count);
        case UT_INT_LIST: return number_list<int64_t, int64_t>(v);
        case UT_FLOAT_LIST: return number_list<double, double>(v);
        case UT_BOOL_LIST: return number_list<bool, int64_t>(v);
        case UT_TENSOR_LIST: return tensor_list(v, false);
        case UT_OPT_TENSOR_LIST: return tensor_list(v, true);
        case UT_DEVICE: return device_of(v);
        case UT_DEFAULT: return default_of(argument);
        default: TORCH_CHECK(false, "unknown value tag ", v.tag);
    }
}

struct Results {
    ut_value* out;
    int32_t capacity;
    int32_t count = 0;

    ut_value& next() {
        TORCH_CHECK(count < capacity, "the operator returned more than ", capacity, " values");
        ut_value& v = out[count++];
        v = ut_value{};
        return v;
    }

    void add_tensor(const at::Tensor& t) {
        ut_value& v = next();
        v.tag = t.defined() ? UT_TENSOR : UT_NONE;
        if (t.defined()) v.p = own(t);
    }

    void add(const c10::IValue& value) {
        if (value.isTensor()) {
            add_tensor(value.toTensor());
        } else if (value.isTensorList()) {
            for (const at::Tensor& t : value.toTensorVector()) add_tensor(t);
        } else if (value.isInt()) {
            ut_value& v = next();
            v.tag = UT_INT;
            v.i = value.toInt();
        } else if (value.isDouble()) {
            ut_value& v = next();
            v.tag = UT_FLOAT;
            v.d = value.toDouble();
        } else if (value.isBool()) {
            ut_value& v = next();
            v.tag = UT_BOOL;
            v.i = value.toBool();
        } else if (value.isScalar()) {
            ut_value& v = next();
            v.tag = UT_FLOAT;
            v.d = value.toScalar().toDouble();
        } else if (value.isNone()) {
            next();
        } else {
            TORCH_CHECK(false, "a result of type ", value.tagKind(), " cannot cross the bridge");
        }
    }

    void release() {
        for (int32_t k = 0; k < count; k++)
            if (out[k].tag == UT_TENSOR) ut_tensor_free(out[k].p);
        count = 0;
    }
};

const c10::OperatorHandle& handle_of(ut_op op) {
    TORCH_CHECK(op != nullptr, "null operator");
    return *static_cast<const c10::OperatorHandle*>(op);
}

int64_t byte_count(const at::Tensor& t) { return static_cast<int64_t>(t.numel()) * static_cast<int64_t>(t.element_size()); }

torch::autograd::variable_list one(ut_tensor handle) {
    if (!handle) return {};
    return {tensor_of(handle)};
}

}  // namespace

const char* ut_last_error(void) { return last_error.c_str(); }

const char* ut_version(void) { return TORCH_VERSION; }

int32_t ut_op_find(const char* name, const char* overload, ut_op* op) {
    return guarded([&] {
        auto found = c10::Dispatcher::singleton().findSchema({name, overload});
        TORCH_CHECK(found.has_value(), "this libtorch (", TORCH_VERSION, ") has no operator ", name, *overload ? "." : "", overload);
        *op = new c10::OperatorHandle(*found);  // lives as long as the process, like the operator itself
    });
}

int32_t ut_op_schema(ut_op op, char* text, int32_t capacity) {
    return guarded([&] {
        std::string s = c10::str(handle_of(op).schema());
        TORCH_CHECK(static_cast<int64_t>(s.size()) < capacity, "schema text needs ", s.size() + 1, " bytes");
        std::memcpy(text, s.c_str(), s.size() + 1);
    });
}

int32_t ut_op_call(ut_op op, const ut_value* arguments, int32_t count, ut_value* results, int32_t capacity, int32_t* result_count) {
    *result_count = 0;
    Results out{results, capacity};
    int32_t status = guarded([&] {
        const auto& handle = handle_of(op);
        const auto& expected = handle.schema().arguments();
        TORCH_CHECK(count <= static_cast<int32_t>(expected.size()), handle.operator_name(), " takes ", expected.size(), " arguments, got ", count);
        torch::jit::Stack stack;
        stack.reserve(expected.size());
        for (size_t k = 0; k < expected.size(); k++)
            stack.push_back(k < static_cast<size_t>(count) ? to_ivalue(arguments[k], expected[k]) : default_of(expected[k]));
        handle.callBoxed(&stack);
        for (const auto& value : stack) out.add(value);
    });
    if (status) out.release();
    *result_count = out.count;
    return status;
}

int32_t ut_tensor_from(const void* data, int64_t bytes, int32_t dtype, const int64_t* sizes, int32_t rank, ut_tensor* tensor) {
    return guarded([&] {
        auto t = at::empty(at::IntArrayRef(sizes, rank), at::TensorOptions().dtype(static_cast<at::ScalarType>(dtype)));
        TORCH_CHECK(byte_count(t) == bytes, "the shape needs ", byte_count(t), " bytes, got ", bytes);
        if (bytes) std::memcpy(t.data_ptr(), data, bytes);
        *tensor = own(std::move(t));
    });
}

int32_t ut_tensor_read(ut_tensor tensor, void* data, int64_t bytes) {
    return guarded([&] {
        auto t = tensor_of(tensor).detach().to(at::kCPU).contiguous();
        TORCH_CHECK(byte_count(t) == bytes, "the tensor has ", byte_count(t), " bytes, the buffer ", bytes);
        if (bytes) std::memcpy(data, t.data_ptr(), bytes);
    });
}

int32_t ut_tensor_write(ut_tensor tensor, const void* data, int64_t bytes) {
    return guarded([&] {
        auto t = tensor_of(tensor).detach();
        TORCH_CHECK(byte_count(t) == bytes, "the tensor has ", byte_count(t), " bytes, the buffer ", bytes);
        auto source = at::from_blob(const_cast<void*>(data), t.sizes(), at::TensorOptions().dtype(t.scalar_type()));
        t.copy_(source);
    });
}

int32_t ut_tensor_info(ut_tensor tensor, int32_t* dtype, int32_t* device_type, int32_t* device_index, int32_t* rank, int64_t* sizes) {
    return guarded([&] {
        const auto& t = tensor_of(tensor);
        TORCH_CHECK(t.dim() <= 16, "more than 16 dimensions");
        *dtype = static_cast<int32_t>(t.scalar_type());
        *device_type = static_cast<int32_t>(t.device().type());
        *device_index = t.device().index();
        *rank = static_cast<int32_t>(t.dim());
        for (int64_t k = 0; k < t.dim(); k++) sizes[k] = t.size(k);
    });
}

int32_t ut_tensor_data(ut_tensor tensor, void** data) {
    return guarded([&] {
        const auto& t = tensor_of(tensor);
        TORCH_CHECK(t.device().is_cpu() && t.is_contiguous(), "direct access needs a contiguous CPU tensor");
        *data = t.data_ptr();
    });
}

int32_t ut_tensor_alias(ut_tensor tensor, ut_tensor* alias) {
    return guarded([&] { *alias = own(tensor_of(tensor)); });
}

void ut_tensor_free(ut_tensor tensor) {
    if (!tensor) return;
    delete static_cast<at::Tensor*>(tensor);
    live_tensors.fetch_sub(1, std::memory_order_relaxed);
}

int64_t ut_tensor_live_count(void) { return live_tensors.load(); }

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

int32_t ut_threads(int32_t* count) {
    return guarded([&] { *count = at::get_num_threads(); });
}

int32_t ut_set_threads(int32_t count) {
    return guarded([&] { at::set_num_threads(count); });
}

int32_t ut_seed(uint64_t seed) {
    return guarded([&] { at::manual_seed(seed); });
}

int32_t ut_generator_state(int32_t device_type, ut_tensor* state) {
    return guarded([&] {
        auto generator = at::globalContext().defaultGenerator(at::Device(static_cast<at::DeviceType>(device_type)));
        std::lock_guard<std::mutex> lock(generator.mutex());
        *state = own(generator.get_state());
    });
}

int32_t ut_set_generator_state(int32_t device_type, ut_tensor state) {
    return guarded([&] {
        auto generator = at::globalContext().defaultGenerator(at::Device(static_cast<at::DeviceType>(device_type)));
        std::lock_guard<std::mutex> lock(generator.mutex());
        generator.set_state(tensor_of(state));
    });
}

int32_t ut_cudnn_benchmark(int32_t enabled) {
    return guarded([&] { at::globalContext().setBenchmarkCuDNN(enabled != 0); });
}

int32_t ut_cpu_memory(int64_t* live, int64_t* peak, int64_t* kept) {
    return guarded([&] {
        auto figures = unpress::tensor_memory();
        *live = figures.live;
        *peak = figures.peak;
        *kept = figures.kept;
    });
}

int32_t ut_cpu_reset_peak(void) {
    return guarded([] { unpress::reset_tensor_memory_peak(); });
}

int32_t ut_cpu_empty_cache(void) {
    return guarded([] { unpress::release_kept_memory(); });
}

int32_t ut_cuda_device_count(int32_t* count) {
    return guarded([&] { *count = torch::cuda::is_available() ? static_cast<int32_t>(torch::cuda::device_count()) : 0; });
}

int32_t ut_cuda_memory(int32_t device, int64_t* allocated, int64_t* peak, int64_t* free_bytes, int64_t* total_bytes) {
    *allocated = *peak = *free_bytes = *total_bytes = 0;
    return guarded([&] {
#ifdef UT_WITH_CUDA
        auto stats = c10::cuda::CUDACachingAllocator::getDeviceStats(static_cast<c10::DeviceIndex>(device));
        *allocated = stats.allocated_bytes[0].current;
        *peak = stats.allocated_bytes[0].peak;
        size_t free_now = 0, total = 0;
        TORCH_CHECK(cudaSetDevice(device) == cudaSuccess && cudaMemGetInfo(&free_now, &total) == cudaSuccess, "cannot ask CUDA device ", device);
        *free_bytes = static_cast<int64_t>(free_now);
        *total_bytes = static_cast<int64_t>(total);
#else
        TORCH_CHECK(false, "this build has no CUDA (device ", device, ")");
#endif
    });
}

int32_t ut_cuda_empty_cache(void) {
    return guarded([&] {
#ifdef UT_WITH_CUDA
        c10::cuda::CUDACachingAllocator::emptyCache();
#endif
    });
}

int32_t ut_synchronize(int32_t device_type) {
    return guarded([&] {
        if (device_type == static_cast<int32_t>(at::kCUDA)) torch::cuda::synchronize();
    });
}
