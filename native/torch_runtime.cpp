// The libtorch of this process: threads, the seed, memory, CUDA.
#include "torch_border.h"
#include "torch_memory.h"

#include <ATen/Parallel.h>
#include <torch/cuda.h>
#include <torch/utils.h>

#ifdef UT_WITH_CUDA
#include <c10/cuda/CUDACachingAllocator.h>
#include <cuda_runtime_api.h>
#endif

using namespace unpress;

namespace {

// When this library is loaded: nothing that C# does with tensors comes before.
const bool memory_installed = (install_tensor_memory(), true);

}  // namespace

int32_t ut_threads(int32_t* count) {
    return guarded([&] { *count = at::get_num_threads(); });
}

int32_t ut_set_threads(int32_t count) {
    return guarded([&] { at::set_num_threads(count); });
}

int32_t ut_seed(uint64_t seed) {
    return guarded([&] { at::manual_seed(seed); });
}

int32_t ut_cudnn_benchmark(int32_t enabled) {
    return guarded([&] { at::globalContext().setBenchmarkCuDNN(enabled != 0); });
}

int32_t ut_cpu_memory(int64_t* live, int64_t* peak, int64_t* kept) {
    return guarded([&] {
        auto figures = tensor_memory();
        *live = figures.live;
        *peak = figures.peak;
        *kept = figures.kept;
    });
}

int32_t ut_cpu_reset_peak(void) {
    return guarded([] { reset_tensor_memory_peak(); });
}

int32_t ut_cpu_empty_cache(void) {
    return guarded([] { release_kept_memory(); });
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
