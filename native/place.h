// Puts rows of decoded pixels where the EXIF orientation says they belong in the upright picture.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct Placement {
    ptrdiff_t origin;    // byte offset of the source's first pixel
    ptrdiff_t across;    // bytes from one source pixel to the next in its row
    ptrdiff_t down;      // bytes from one source row to the next
    size_t pixel_bytes;
};

// Width and height are those of the source; orientation is EXIF's 1-8.
inline Placement placement_for(int32_t orientation, int64_t width, int64_t height, size_t pixel_bytes) {
    const auto p = static_cast<ptrdiff_t>(pixel_bytes);
    const ptrdiff_t w = width, h = height;
    const bool turned = orientation >= 5;
    const ptrdiff_t row = (turned ? h : w) * p;
    const ptrdiff_t right = row - p, bottom = ((turned ? w : h) - 1) * row;
    switch (orientation) {
        case 2: return {right, -p, row, pixel_bytes};
        case 3: return {right + bottom, -p, -row, pixel_bytes};
        case 4: return {bottom, p, -row, pixel_bytes};
        case 5: return {0, row, p, pixel_bytes};
        case 6: return {right, row, -p, pixel_bytes};
        case 7: return {right + bottom, -row, -p, pixel_bytes};
        case 8: return {bottom, -row, p, pixel_bytes};
        default: return {0, p, row, pixel_bytes};
    }
}

template <size_t Bytes>
void place_pixels(const Placement& to, uint8_t* target, const uint8_t* source, size_t stride, int64_t left, int64_t top,
                  int64_t width, int64_t height) {
    // The inner loop follows the target's rows, whatever way the picture is turned: writing down columns is far slower.
    const bool turned = to.down == static_cast<ptrdiff_t>(Bytes) || -to.down == static_cast<ptrdiff_t>(Bytes);
    const int64_t outer = turned ? width : height, inner = turned ? height : width;
    for (int64_t i = 0; i < outer; i++) {
        for (int64_t j = 0; j < inner; j++) {
            const int64_t x = turned ? i : j, y = turned ? j : i;
            memcpy(target + to.origin + (left + x) * to.across + (top + y) * to.down,
                   source + static_cast<size_t>(y) * stride + static_cast<size_t>(x) * Bytes, Bytes);
        }
    }
}

// Copies a rectangle of source pixels, whose place in the source is left, top, to its place in the target.
inline void place(const Placement& to, uint8_t* target, const uint8_t* source, size_t stride, int64_t left, int64_t top,
                  int64_t width, int64_t height) {
    if (to.across == static_cast<ptrdiff_t>(to.pixel_bytes)) {
        for (int64_t y = 0; y < height; y++) {
            memcpy(target + to.origin + left * to.across + (top + y) * to.down, source + static_cast<size_t>(y) * stride,
                   static_cast<size_t>(width) * to.pixel_bytes);
        }
        return;
    }
    switch (to.pixel_bytes) {
        case 1: return place_pixels<1>(to, target, source, stride, left, top, width, height);
        case 2: return place_pixels<2>(to, target, source, stride, left, top, width, height);
        case 3: return place_pixels<3>(to, target, source, stride, left, top, width, height);
        case 4: return place_pixels<4>(to, target, source, stride, left, top, width, height);
        case 5: return place_pixels<5>(to, target, source, stride, left, top, width, height);
        case 6: return place_pixels<6>(to, target, source, stride, left, top, width, height);
        case 8: return place_pixels<8>(to, target, source, stride, left, top, width, height);
        default: return place_pixels<10>(to, target, source, stride, left, top, width, height);
    }
}
