// Error text shared by the files of the picture library; not part of its interface.
#pragma once
#include <stdint.h>

// Keeps the text for image_last_error and returns a non-zero status, so that callers can `return fail(...)`.
int32_t fail(const char* text);
