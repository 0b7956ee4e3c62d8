// The picture library as C# sees it (src/Unpress.Imaging/Native.cs mirrors it name for name).
// Every function returns 0, or another number with the reason in image_last_error of the same thread.
// Results go through pointers. Memory returned through a pointer to a pointer is freed with image_free.
#pragma once
#include <stdint.h>

#ifdef _WIN32
#define IMAGE_API extern "C" __declspec(dllexport)
#else
#define IMAGE_API extern "C" __attribute__((visibility("default")))
#endif

// The last error of this thread as UTF-8; valid until the next call on this thread.
IMAGE_API int32_t image_last_error(const char** text);
IMAGE_API int32_t image_free(void* memory);

// JPEG through libjpeg, in memory. Pixels: rows top to bottom, interleaved, 8 bits; bands 1 (gray), 3 (RGB) or 4 (CMYK as stored, which Adobe's
// programs and libjpeg mean as 255 = no ink).
// Encoding: quality 1-100, IJG tables forced to baseline, default Huffman tables, slow integer DCT.
// Subsampling: 0 = 4:2:0, 1 = 4:2:2, 2 = 4:4:4. Decoding: slow integer DCT, fancy upsampling.
IMAGE_API int32_t image_jpeg_version(const char** text);
IMAGE_API int32_t image_jpeg_encode(const uint8_t* pixels, int32_t width, int32_t height, int32_t bands,
                                    int32_t quality, int32_t subsampling, uint8_t** bytes, int64_t* length);
// Compresses as another file was: per component three numbers (horizontal factor, vertical factor, table 0-3), four tables of 64 steps in
// natural order, of which the unused may be anything. Bands 1 or 3, the planes Y or Y, Cb, Cr.
IMAGE_API int32_t image_jpeg_encode_like(const uint8_t* pixels, int32_t width, int32_t height, int32_t bands,
                                         const int32_t* components, const uint16_t* tables, uint8_t** bytes, int64_t* length);
IMAGE_API int32_t image_jpeg_size(const uint8_t* bytes, int64_t length, int32_t* width, int32_t* height, int32_t* bands);
// Capacity must be width x height x bands of image_jpeg_size. Orientation is EXIF's 1-8: the picture comes out upright.
IMAGE_API int32_t image_jpeg_decode(const uint8_t* bytes, int64_t length, uint8_t* pixels, int64_t capacity,
                                    int32_t orientation);
// Encode and decode in one call with buffers that stay with the thread; output is as large as the input.
IMAGE_API int32_t image_jpeg_roundtrip(const uint8_t* pixels, int32_t width, int32_t height, int32_t bands,
                                       int32_t quality, int32_t subsampling, uint8_t* output, int64_t* length);
// The quantised coefficients: for each of count components an array of blocks high x blocks wide x 64 in natural order, its
// number of values in sizes.
IMAGE_API int32_t image_jpeg_coefficients(const uint8_t* bytes, int64_t length, int16_t* const* planes, const int64_t* sizes,
                                          int32_t count);

// Versions as text, and the names of the formats that libvips opens and saves here, with blanks between. All live as long as
// the library.
IMAGE_API int32_t image_vips_version(const char** text);
IMAGE_API int32_t image_webp_version(const char** text);
IMAGE_API int32_t image_formats(const char** readers, const char** writers);

// Formats, for image_open and image_encode.
enum { IMAGE_PNG = 1, IMAGE_WEBP = 2, IMAGE_TIFF = 3, IMAGE_HEIF = 4, IMAGE_AVIF = 5, IMAGE_PPM = 6, IMAGE_JP2 = 7 };

// What a header says. Model: 0 gray, 1 RGB, 2 CMYK; bands beyond the model's own are alpha. Resolution in pixels a millimetre.
typedef struct {
    double x_res, y_res;
    int32_t width, height, bands, bits, model, orientation, palette, pages;
} ImageFacts;

// Opens a picture without decoding it: from a file, or with path null from memory that stays valid until image_close.
// AVIF opens as IMAGE_HEIF.
IMAGE_API int32_t image_open(const char* path, const uint8_t* bytes, int64_t length, int32_t format, ImageFacts* facts,
                             void** image);
// Kind: 0 ICC, 1 EXIF, 2 XMP; length 0 when absent. The bytes belong to the picture.
IMAGE_API int32_t image_metadata(void* image, int32_t kind, const uint8_t** bytes, int64_t* length);
// Decodes, once, interleaved and turned upright by the EXIF orientation 1-8. Capacity is width x height x bands x bytes.
IMAGE_API int32_t image_read(void* image, uint8_t* pixels, int64_t capacity, int32_t orientation);
IMAGE_API int32_t image_close(void* image);

// A picture to write; metadata of length 0 is absent.
typedef struct {
    double x_res, y_res;
    const uint8_t *pixels, *icc, *exif, *xmp;
    int64_t icc_length, exif_length, xmp_length;
    int32_t width, height, bands, bits, model;
} ImagePicture;

// Quality 1-100 and subsampling as for JPEG; bits is the depth of HEIC and AVIF (8, 10 or 12); effort 0-6.
typedef struct {
    int32_t format, quality, subsampling, lossless, bits, effort;
} ImageEncoding;

// Writes to a file, or with path null to memory.
IMAGE_API int32_t image_encode(const ImagePicture* picture, const ImageEncoding* how, const char* path, uint8_t** bytes,
                               int64_t* length);
// The bare WebP, without metadata; lossless keeps the colours under transparent pixels.
IMAGE_API int32_t image_webp_encode(const ImagePicture* picture, const ImageEncoding* how, uint8_t** bytes, int64_t* length);
