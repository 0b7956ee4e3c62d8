// What the functions of torch_bridge.h have in common: how a failure becomes a status, and who owns a tensor.
#pragma once
#include "torch_bridge.h"

#include <ATen/ATen.h>

#include <exception>

namespace unpress {

// Keeps the text for ut_last_error and gives the status of a failure.
int32_t fail(const char* text);

// A handle of its own for C#.
ut_tensor own(at::Tensor t);

const at::Tensor& tensor_of(const void* handle);

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

}  // namespace unpress
