// Every picture format but JPEG (image_jpeg.cpp) and BMP and PNG writing (C#), through libvips.
#include <vips/vips.h>

#include "image_bridge.h"
#include "image_error.h"
#include "place.h"
#include "vips_session.h"

namespace {

VipsImage* load(VipsSource* source, int32_t format) {
    // Sequential: pixels are decoded while they are read, never into a copy of libvips's own.
    const auto options = [&](auto loader) {
        VipsImage* image = nullptr;
        const int status = loader(source, &image, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on", VIPS_FAIL_ON_ERROR, nullptr);
        return status == 0 ? image : nullptr;
    };
    switch (format) {
        case IMAGE_PNG: return options(vips_pngload_source);
        case IMAGE_WEBP: return options(vips_webpload_source);
        case IMAGE_TIFF: return options(vips_tiffload_source);
        case IMAGE_HEIF: return options(vips_heifload_source);
        case IMAGE_PPM: return options(vips_ppmload_source);
        case IMAGE_JP2: return options(vips_jp2kload_source);
        default: vips_error("unpress", "unknown format %d", format); return nullptr;
    }
}

// To one of the layouts of ImageBuffer: 8 or 16 bits; gray, RGB or CMYK; alpha last.
VipsImage* normalise(VipsImage* image) {
    const VipsInterpretation meaning = vips_image_get_interpretation(image);
    const bool known = meaning == VIPS_INTERPRETATION_B_W || meaning == VIPS_INTERPRETATION_GREY16 ||
                       meaning == VIPS_INTERPRETATION_sRGB || meaning == VIPS_INTERPRETATION_RGB ||
                       meaning == VIPS_INTERPRETATION_RGB16 || meaning == VIPS_INTERPRETATION_CMYK ||
                       meaning == VIPS_INTERPRETATION_MULTIBAND;
    VipsImage* result = nullptr;
    if (known && image->Coding == VIPS_CODING_NONE) {
        result = image;
        g_object_ref(result);
    } else if (vips_colourspace(image, &result, VIPS_INTERPRETATION_RGB16, nullptr)) {
        return nullptr;
    }
    if (result->BandFmt != VIPS_FORMAT_UCHAR && result->BandFmt != VIPS_FORMAT_USHORT) {
        vips_error("unpress", "stores samples as %s; convert it to 8 or 16 bits first",
                   vips_enum_nick(VIPS_TYPE_BAND_FORMAT, result->BandFmt));
        g_object_unref(result);
        return nullptr;
    }
    return result;
}

int32_t integer_field(VipsImage* image, const char* name, int32_t otherwise) {
    int value = otherwise;
    if (!vips_image_get_typeof(image, name) || vips_image_get_int(image, name, &value)) return otherwise;
    return value;
}

bool describe(VipsImage* image, ImageFacts* facts) {
    const bool cmyk = vips_image_get_interpretation(image) == VIPS_INTERPRETATION_CMYK && image->Bands >= 4;
    const int colours = cmyk ? 4 : image->Bands >= 3 ? 3 : 1;
    if (image->Bands - colours > 1) {
        vips_error("unpress", "has %d bands; gray, RGB and CMYK with or without alpha are understood", image->Bands);
        return false;
    }
    facts->x_res = image->Xres;
    facts->y_res = image->Yres;
    facts->width = image->Xsize;
    facts->height = image->Ysize;
    facts->bands = image->Bands;
    facts->bits = image->BandFmt == VIPS_FORMAT_USHORT ? 16 : 8;
    facts->model = cmyk ? 2 : colours == 3 ? 1 : 0;
    facts->orientation = integer_field(image, VIPS_META_ORIENTATION, 1);
    facts->palette = vips_image_get_typeof(image, "palette-bit-depth") != 0;
    facts->pages = integer_field(image, VIPS_META_N_PAGES, 1);
    return true;
}

struct Reading {
    uint8_t* pixels;
    Placement to;
};

int receive(VipsRegion* region, VipsRect* area, void* data) {
    const auto* reading = static_cast<const Reading*>(data);
    place(reading->to, reading->pixels, VIPS_REGION_ADDR(region, area->left, area->top),
          static_cast<size_t>(VIPS_REGION_LSKIP(region)), area->left, area->top, area->width, area->height);
    return 0;
}

}  // namespace

int32_t image_open(const char* path, const uint8_t* bytes, int64_t length, int32_t format, ImageFacts* facts, void** image) {
    if (!vips_ready()) return fail_vips();
    VipsSource* source =
        path ? vips_source_new_from_file(path) : vips_source_new_from_memory(bytes, static_cast<size_t>(length));
    if (!source) return fail_vips();
    VipsImage* loaded = load(source, format);
    g_object_unref(source);
    if (!loaded) return fail_vips();
    VipsImage* usable = normalise(loaded);
    g_object_unref(loaded);
    if (!usable) return fail_vips();
    if (!describe(usable, facts)) {
        g_object_unref(usable);
        return fail_vips();
    }
    *image = usable;
    return 0;
}

// libvips writes XMP into HEIF under its right name, but reads it as "heif-mime-" and the number of the item.
static const char* heif_xmp(VipsImage* picture) {
    static const char* const names[] = {"heif-mime-0", "heif-mime-1", "heif-mime-2", "heif-mime-3"};
    for (const char* name : names) {
        if (vips_image_get_typeof(picture, name)) return name;
    }
    return nullptr;
}

int32_t image_metadata(void* image, int32_t kind, const uint8_t** bytes, int64_t* length) {
    static const char* const names[] = {VIPS_META_ICC_NAME, VIPS_META_EXIF_NAME, VIPS_META_XMP_NAME};
    *bytes = nullptr;
    *length = 0;
    if (kind < 0 || kind > 2) return fail("unknown kind of metadata");
    auto* picture = static_cast<VipsImage*>(image);
    const void* data = nullptr;
    size_t size = 0;
    const char* name = names[kind];
    if (!vips_image_get_typeof(picture, name) && kind == 2) name = heif_xmp(picture);
    if (!name || !vips_image_get_typeof(picture, name)) return 0;
    if (vips_image_get_blob(picture, name, &data, &size)) return fail_vips();
    *bytes = static_cast<const uint8_t*>(data);
    *length = static_cast<int64_t>(size);
    return 0;
}

int32_t image_read(void* image, uint8_t* pixels, int64_t capacity, int32_t orientation) {
    auto* picture = static_cast<VipsImage*>(image);
    const size_t pixel_bytes = VIPS_IMAGE_SIZEOF_PEL(picture);
    if (static_cast<int64_t>(VIPS_IMAGE_SIZEOF_IMAGE(picture)) != capacity) return fail("the buffer does not fit the picture");
    Reading reading = {pixels, placement_for(orientation, picture->Xsize, picture->Ysize, pixel_bytes)};
    return vips_sink_disc(picture, receive, &reading) ? fail_vips() : 0;
}

int32_t image_close(void* image) {
    g_object_unref(image);
    return 0;
}
