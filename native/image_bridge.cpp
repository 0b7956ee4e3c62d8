#include "image_bridge.h"

#include <stdlib.h>
#include <string.h>

#include "image_error.h"

namespace {
// A plain array: storing an error can then never itself fail.
thread_local char last_error[1024] = "";
}  // namespace

int32_t fail(const char* text) {
    strncpy(last_error, text, sizeof(last_error) - 1);
    return 1;
}

int32_t image_last_error(const char** text) {
    *text = last_error;
    return 0;
}

int32_t image_free(void* memory) {
    free(memory);
    return 0;
}
