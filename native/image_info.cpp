// What libvips is and can do on this machine.
#include <string.h>
#include <vips/vips.h>

#include <string>

#include "image_bridge.h"
#include "image_error.h"
#include "vips_session.h"

namespace {

struct Ability {
    const char* name;
    const char* loader;
    const char* saver;
};

// A libvips without one of its helpers lacks the operation; PNG, PPM and WebP are saved without it.
constexpr Ability abilities[] = {
    {"png", "pngload_source", nullptr},        {"webp", "webpload_source", nullptr},
    {"tiff", "tiffload_source", "tiffsave_target"}, {"heif", "heifload_source", "heifsave_target"},
    {"avif", "heifload_source", "heifsave_target"}, {"ppm", "ppmload_source", nullptr},
    {"jp2", "jp2kload_source", "jp2ksave_target"},
};

bool exists(const char* operation) { return operation && vips_type_find("VipsOperation", operation) != 0; }

std::string names(const char* Ability::*operation) {
    std::string text;
    for (const Ability& ability : abilities) {
        if (exists(ability.*operation)) text += std::string(ability.name) + ' ';
    }
    return text;
}

}  // namespace

int32_t image_vips_version(const char** text) {
    if (!vips_ready()) return fail_vips();
    *text = vips_version_string();
    return 0;
}

int32_t image_formats(const char** readers, const char** writers) {
    if (!vips_ready()) return fail_vips();
    try {
        static const std::string opened = names(&Ability::loader), saved = names(&Ability::saver);
        *readers = opened.c_str();
        *writers = saved.c_str();
        return 0;
    } catch (...) {
        return fail("out of memory");
    }
}
