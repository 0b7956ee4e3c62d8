// WebP writing through libwebp itself: libvips 8.14 cannot ask for "exact", without which lossless files lose the colours that
// lie hidden under full transparency.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <webp/encode.h>

#include "image_bridge.h"
#include "image_error.h"

namespace {

const char* reason(WebPEncodingError error) {
    switch (error) {
        case VP8_ENC_ERROR_OUT_OF_MEMORY:
        case VP8_ENC_ERROR_BITSTREAM_OUT_OF_MEMORY: return "out of memory";
        case VP8_ENC_ERROR_BAD_DIMENSION: return "WebP pictures have at most 16383 pixels a side";
        case VP8_ENC_ERROR_PARTITION0_OVERFLOW:
        case VP8_ENC_ERROR_PARTITION_OVERFLOW:
        case VP8_ENC_ERROR_FILE_TOO_BIG: return "too large for WebP";
        default: return "libwebp could not encode the picture";
    }
}

bool import(WebPPicture* target, const ImagePicture& picture) {
    const int stride = picture.width * picture.bands;
    return picture.bands == 4 ? WebPPictureImportRGBA(target, picture.pixels, stride)
                              : WebPPictureImportRGB(target, picture.pixels, stride);
}

}  // namespace

int32_t image_webp_version(const char** text) {
    static char version[32];
    const int number = WebPGetEncoderVersion();
    snprintf(version, sizeof version, "%d.%d.%d", number >> 16, (number >> 8) & 255, number & 255);
    *text = version;
    return 0;
}

int32_t image_webp_encode(const ImagePicture* picture, const ImageEncoding* how, uint8_t** bytes, int64_t* length) {
    if (picture->bits != 8 || picture->model != 1) return fail("WebP holds 8-bit RGB with or without alpha");
    WebPConfig config;
    WebPPicture target;
    if (!WebPConfigPreset(&config, WEBP_PRESET_DEFAULT, static_cast<float>(how->quality)) || !WebPPictureInit(&target)) {
        return fail("libwebp has another version than its header");
    }
    config.method = how->effort;
    if (how->lossless) {
        config.lossless = 1;
        config.exact = 1;
        config.quality = 50;  // in lossless mode: the effort, not the loss
    }
    target.use_argb = how->lossless;
    target.width = picture->width;
    target.height = picture->height;
    WebPMemoryWriter writer;
    WebPMemoryWriterInit(&writer);
    target.writer = WebPMemoryWrite;
    target.custom_ptr = &writer;
    const bool done = import(&target, *picture) && WebPEncode(&config, &target);
    const WebPEncodingError error = target.error_code;
    WebPPictureFree(&target);
    auto* copy = done ? static_cast<uint8_t*>(malloc(writer.size)) : nullptr;
    if (copy) memcpy(copy, writer.mem, writer.size);
    const auto size = static_cast<int64_t>(writer.size);
    WebPMemoryWriterClear(&writer);
    if (!copy) return fail(done ? "out of memory" : reason(error));
    *bytes = copy;
    *length = size;
    return 0;
}
