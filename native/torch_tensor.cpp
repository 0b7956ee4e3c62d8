// Tensors as C# holds them: made, read, written, freed.
#include "torch_border.h"

#include <torch/version.h>

#include <atomic>
#include <cstring>
#include <string>

namespace {

thread_local std::string last_error;
std::atomic<int64_t> live_tensors{0};

int64_t byte_count(const at::Tensor& t) { return static_cast<int64_t>(t.numel()) * static_cast<int64_t>(t.element_size()); }

}  // namespace

namespace unpress {

// libtorch's messages carry a C++ backtrace; the first paragraph is what a person needs.
int32_t fail(const char* text) {
    last_error = text;
    auto end = last_error.find("\nException raised from");
    if (end != std::string::npos) last_error.resize(end);
    return 1;
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

}  // namespace unpress

using namespace unpress;

const char* ut_last_error(void) { return last_error.c_str(); }

const char* ut_version(void) { return TORCH_VERSION; }

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
