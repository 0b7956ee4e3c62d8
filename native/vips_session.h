// Starting libvips and taking over its errors.
#pragma once
#include <stdint.h>

// Starts libvips on the first call; false when that failed.
bool vips_ready();

// Hands the last line of libvips's error text to image_last_error and clears it. Returns a non-zero status.
int32_t fail_vips();
