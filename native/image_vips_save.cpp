// Writing TIFF, HEIC, AVIF and JPEG 2000 through libvips, straight from the caller's pixels.
#include <stdlib.h>
#include <string.h>
#include <vips/vips.h>

#include "image_bridge.h"
#include "image_error.h"
#include "vips_session.h"

namespace {

VipsInterpretation meaning_of(const ImagePicture& picture) {
    const bool deep = picture.bits == 16;
    switch (picture.model) {
        case 0: return deep ? VIPS_INTERPRETATION_GREY16 : VIPS_INTERPRETATION_B_W;
        case 1: return deep ? VIPS_INTERPRETATION_RGB16 : VIPS_INTERPRETATION_sRGB;
        default: return VIPS_INTERPRETATION_CMYK;
    }
}

void attach(VipsImage* image, const char* name, const uint8_t* bytes, int64_t length) {
    if (length > 0) vips_image_set_blob_copy(image, name, bytes, static_cast<size_t>(length));
}

// The pixels are borrowed; the header is ours, so metadata can be set on it.
VipsImage* wrap(const ImagePicture& picture) {
    const size_t size = static_cast<size_t>(picture.width) * picture.height * picture.bands * (picture.bits / 8);
    VipsImage* image = vips_image_new_from_memory(picture.pixels, size, picture.width, picture.height, picture.bands,
                                                  picture.bits == 16 ? VIPS_FORMAT_USHORT : VIPS_FORMAT_UCHAR);
    if (!image) return nullptr;
    image->Type = meaning_of(picture);
    if (picture.x_res > 0 && picture.y_res > 0) {
        image->Xres = picture.x_res;
        image->Yres = picture.y_res;
    }
    attach(image, VIPS_META_ICC_NAME, picture.icc, picture.icc_length);
    attach(image, VIPS_META_EXIF_NAME, picture.exif, picture.exif_length);
    attach(image, VIPS_META_XMP_NAME, picture.xmp, picture.xmp_length);
    return image;
}

int save(VipsImage* image, const ImageEncoding& how, VipsTarget* target) {
    switch (how.format) {
        case IMAGE_TIFF:
            return vips_tiffsave_target(image, target, "compression", VIPS_FOREIGN_TIFF_COMPRESSION_DEFLATE, "predictor",
                                        VIPS_FOREIGN_TIFF_PREDICTOR_HORIZONTAL, "resunit", VIPS_FOREIGN_TIFF_RESUNIT_INCH, nullptr);
        case IMAGE_HEIF:
        case IMAGE_AVIF:
            return vips_heifsave_target(image, target, "Q", how.quality, "lossless", how.lossless, "bitdepth", how.bits, "effort",
                                        how.effort, "compression",
                                        how.format == IMAGE_AVIF ? VIPS_FOREIGN_HEIF_COMPRESSION_AV1 : VIPS_FOREIGN_HEIF_COMPRESSION_HEVC,
                                        "subsample_mode",
                                        how.subsampling == 2 ? VIPS_FOREIGN_SUBSAMPLE_OFF : VIPS_FOREIGN_SUBSAMPLE_ON, nullptr);
        case IMAGE_JP2:
            // One tile, as other encoders do: the 512 x 512 of libvips show their seams at low quality. Chroma whole: halved, libvips
            // 8.14 aborts the process for gray pictures and writes files of odd sizes that it cannot read.
            return vips_jp2ksave_target(image, target, "Q", how.quality, "lossless", how.lossless, "subsample_mode",
                                        VIPS_FOREIGN_SUBSAMPLE_OFF, "tile_width", MIN(vips_image_get_width(image), 32768), "tile_height",
                                        MIN(vips_image_get_height(image), 32768), nullptr);
        default: vips_error("unpress", "no writer for format %d", how.format); return -1;
    }
}

int32_t take_bytes(VipsTarget* target, uint8_t** bytes, int64_t* length) {
    // The writers end their target, and an ended one keeps what was written as a blob: vips_target_steal would crash.
    VipsBlob* blob = nullptr;
    g_object_get(target, "blob", &blob, nullptr);
    if (!blob) return fail("the writer gave nothing");
    size_t size = 0;
    const void* data = vips_blob_get(blob, &size);
    // image_free uses free, which need not be GLib's.
    auto* copy = static_cast<uint8_t*>(malloc(size ? size : 1));
    if (copy) memcpy(copy, data, size);
    vips_area_unref(VIPS_AREA(blob));
    if (!copy) return fail("out of memory");
    *bytes = copy;
    *length = static_cast<int64_t>(size);
    return 0;
}

}  // namespace

int32_t image_encode(const ImagePicture* picture, const ImageEncoding* how, const char* path, uint8_t** bytes, int64_t* length) {
    if (!vips_ready()) return fail_vips();
    VipsImage* image = wrap(*picture);
    if (!image) return fail_vips();
    VipsTarget* target = path ? vips_target_new_to_file(path) : vips_target_new_to_memory();
    int32_t status = target && save(image, *how, target) == 0 ? 0 : fail_vips();
    if (status == 0 && !path) status = take_bytes(target, bytes, length);
    if (target) g_object_unref(target);
    g_object_unref(image);
    return status;
}
