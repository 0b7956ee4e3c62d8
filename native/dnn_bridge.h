// Networks of others, as ONNX files, through OpenCV's DNN module (src/Unpress.Lab/Vision/NativeDnn.cs mirrors this name for name).
// Every function returns 0, or another number with the reason in dnn_last_error of the same thread. Results go through pointers.
// A model is used by one thread at a time.
#pragma once
#include <stdint.h>

#ifdef _WIN32
#define DNN_API extern "C" __declspec(dllexport)
#else
#define DNN_API extern "C" __attribute__((visibility("default")))
#endif

// The last error of this thread as UTF-8; valid until the next call on this thread.
DNN_API int32_t dnn_last_error(const char** text);
// Of OpenCV; lives as long as the library.
DNN_API int32_t dnn_version(const char** text);

DNN_API int32_t dnn_open(const char* path, void** model);
DNN_API int32_t dnn_close(void* model);
// How many outputs there are, and the name of one; it belongs to the model.
DNN_API int32_t dnn_output_count(void* model, int32_t* count);
DNN_API int32_t dnn_output_name(void* model, int32_t index, const char** name);
// One pass over an input of 1 x channels x height x width.
DNN_API int32_t dnn_run(void* model, const float* input, int32_t channels, int32_t height, int32_t width);
// An output of the last pass: its sizes, of which there must be room for 16, and its values; both belong to the model until the next pass.
DNN_API int32_t dnn_output(void* model, int32_t index, int32_t* rank, int32_t* sizes, const float** values, int64_t* count);
