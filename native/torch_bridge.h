// One door from C# to libtorch: any ATen operator by name through the dispatcher (boxed call), autograd, devices, memory.
// No C++ per operator. Compiles unchanged against libtorch 1.13 (Debian) and 2.x, CPU or CUDA.
//
// Rules of the border: every function returns a status (0 = done) and writes results through pointers, unless it cannot fail;
// the text of the last failure of this thread is ut_last_error(). A ut_tensor is owned by whoever received it: ut_tensor_free.
#pragma once
#include <stdint.h>

#define UT_API __attribute__((visibility("default")))

#ifdef __cplusplus
extern "C" {
#endif

typedef void* ut_tensor;
typedef const void* ut_op;
typedef void* ut_generator;
typedef void* ut_group;
typedef void* ut_exchange;

enum ut_tag {
    UT_NONE = 0,
    UT_TENSOR = 1,
    UT_INT = 2,
    UT_FLOAT = 3,
    UT_BOOL = 4,
    UT_STRING = 5,          // p = UTF-8, count = bytes
    UT_INT_LIST = 6,        // p = int64_t[count]
    UT_FLOAT_LIST = 7,      // p = double[count]
    UT_BOOL_LIST = 8,       // p = int64_t[count], 0 or 1
    UT_TENSOR_LIST = 9,     // p = ut_tensor[count]
    UT_OPT_TENSOR_LIST = 10, // as above, null = absent
    UT_DEVICE = 11,         // i = device type, count = index (-1 = current)
    UT_DEFAULT = 12,        // the operator's own default
    UT_GENERATOR = 13       // p = ut_generator
};

// dtype, layout and memory format travel as UT_INT: ATen's own codes.
typedef struct ut_value {
    int32_t tag;
    int32_t count;
    int64_t i;
    double d;
    void* p;
} ut_value;

UT_API const char* ut_last_error(void);
UT_API const char* ut_version(void);

UT_API int32_t ut_op_find(const char* name, const char* overload, ut_op* op);
UT_API int32_t ut_op_schema(ut_op op, char* text, int32_t capacity);
// Missing trailing arguments are filled from the schema. Tensor lists in the results are flattened.
UT_API int32_t ut_op_call(ut_op op, const ut_value* arguments, int32_t count, ut_value* results, int32_t capacity, int32_t* result_count);

UT_API int32_t ut_tensor_from(const void* data, int64_t bytes, int32_t dtype, const int64_t* sizes, int32_t rank, ut_tensor* tensor);
UT_API int32_t ut_tensor_read(ut_tensor tensor, void* data, int64_t bytes);
UT_API int32_t ut_tensor_write(ut_tensor tensor, const void* data, int64_t bytes);
// sizes must have room for 16 entries.
UT_API int32_t ut_tensor_info(ut_tensor tensor, int32_t* dtype, int32_t* device_type, int32_t* device_index, int32_t* rank, int64_t* sizes);
UT_API int32_t ut_tensor_data(ut_tensor tensor, void** data);
UT_API int32_t ut_tensor_alias(ut_tensor tensor, ut_tensor* alias);
UT_API void ut_tensor_free(ut_tensor tensor);
UT_API int64_t ut_tensor_live_count(void);

UT_API int32_t ut_requires_grad(ut_tensor tensor, int32_t* value);
UT_API int32_t ut_set_requires_grad(ut_tensor tensor, int32_t value);
UT_API int32_t ut_get_grad(ut_tensor tensor, ut_tensor* grad); // null when there is none
UT_API int32_t ut_set_grad(ut_tensor tensor, ut_tensor grad);  // null clears
UT_API int32_t ut_backward(ut_tensor tensor, ut_tensor seed, int32_t retain_graph, int32_t create_graph);
// grads[i] is null for an input that the output does not depend on.
UT_API int32_t ut_grad(ut_tensor output, ut_tensor seed, const ut_tensor* inputs, int32_t count, int32_t retain_graph, int32_t create_graph, ut_tensor* grads);
UT_API int32_t ut_grad_mode(int32_t enabled, int32_t* previous);
// dtype < 0 switches autocast off; previous is what to give to have it back. One call for one device type (0 = CPU, 1 = CUDA).
UT_API int32_t ut_autocast(int32_t device_type, int32_t dtype, int32_t* previous);

UT_API int32_t ut_threads(int32_t* count);
UT_API int32_t ut_set_threads(int32_t count);
// Of the generators that operators draw from when they are given none.
UT_API int32_t ut_seed(uint64_t seed);
UT_API int32_t ut_generator_new(int32_t device_type, int32_t device_index, uint64_t seed, ut_generator* generator);
UT_API void ut_generator_free(ut_generator generator);
UT_API int32_t ut_generator_state(ut_generator generator, ut_tensor* state);
UT_API int32_t ut_set_generator_state(ut_generator generator, ut_tensor state);
UT_API int32_t ut_cudnn_benchmark(int32_t enabled);
// Memory of CPU tensors: large blocks are kept for the next tensor (torch_memory.cpp). Bytes in tensors now; the most that tensors and
// kept blocks took together since ut_cpu_reset_peak; bytes kept.
UT_API int32_t ut_cpu_memory(int64_t* live, int64_t* peak, int64_t* kept);
UT_API int32_t ut_cpu_reset_peak(void);
UT_API int32_t ut_cpu_empty_cache(void);

UT_API int32_t ut_cuda_device_count(int32_t* count);
UT_API int32_t ut_cuda_memory(int32_t device, int64_t* allocated, int64_t* peak, int64_t* free_bytes, int64_t* total_bytes);
UT_API int32_t ut_cuda_empty_cache(void);
UT_API int32_t ut_synchronize(int32_t device_type);

// Processes that train together. The one that serves holds the store where all meet; prefix keeps attempts apart. Tensors are contiguous, on the CPU.
UT_API int32_t ut_group_new(
    const char* host, int32_t port, int32_t serves, const char* prefix, int32_t rank, int32_t size, int64_t milliseconds, ut_group* group);
UT_API int32_t ut_group_all_reduce(ut_group group, ut_tensor tensor); // the sum, in place
UT_API int32_t ut_group_broadcast(ut_group group, ut_tensor tensor);  // what rank 0 has, in place
UT_API void ut_group_free(ut_group group);

// Gradients averaged over the processes while the backward pass still runs. They leave in buckets of about so many bytes, the last parameters first, each
// as soon as it is full. All processes make the same calls, with the same parameters.
UT_API int32_t ut_exchange_new(ut_group group, const ut_tensor* parameters, int32_t count, int64_t bucket_bytes, ut_exchange* exchange);
UT_API int32_t ut_exchange_begin(ut_exchange exchange);  // before the backward pass whose end gives the whole gradients
UT_API int32_t ut_exchange_finish(ut_exchange exchange); // after it: the means are in the place of the gradients
UT_API void ut_exchange_free(ut_exchange exchange);

#ifdef __cplusplus
}
#endif
