// JPEG in memory: the degradation that training and the laboratory use, with libjpeg's defaults and nothing else.
#include <stdlib.h>
#include <string.h>

#include "image_bridge.h"
#include "image_error.h"
#include "jpeg_session.h"
#include "place.h"

#include <jerror.h>

#define TEXT_OF(x) #x
#define TEXT_OF_VALUE(x) TEXT_OF(x)

namespace {

// One encoder, decoder and buffer a thread: making them anew costs as much as compressing a small patch.
struct Session {
    JpegTrap trap = {};
    jpeg_compress_struct encoder = {};
    jpeg_decompress_struct decoder = {};
    JpegBuffer buffer = {};
    bool encoder_made = false;
    bool decoder_made = false;

    ~Session() {
        if (encoder_made) jpeg_destroy_compress(&encoder);
        if (decoder_made) jpeg_destroy_decompress(&decoder);
        free(buffer.bytes);
    }

    // After an error: back to the state of a fresh object, buffers kept.
    int32_t recover() {
        if (encoder_made) jpeg_abort_compress(&encoder);
        if (decoder_made) jpeg_abort_decompress(&decoder);
        return fail(trap.message);
    }

    // A large picture's memory is not kept for the thread's life.
    void trim() {
        if (buffer.capacity <= 4u << 20) return;
        free(buffer.bytes);
        buffer.bytes = nullptr;
        buffer.capacity = 0;
    }
};

thread_local Session session;

void prepare_encoder(Session& s) {
    jpeg_trap_init(&s.trap);
    s.encoder.err = &s.trap.manager;
    if (!s.encoder_made) {
        jpeg_create_compress(&s.encoder);
        s.encoder_made = true;
        jpeg_buffer_init(&s.buffer);
        s.encoder.dest = &s.buffer.manager;
    }
}

void prepare_decoder(Session& s, const uint8_t* bytes, int64_t length) {
    jpeg_trap_init(&s.trap);
    s.decoder.err = &s.trap.manager;
    if (!s.decoder_made) {
        jpeg_create_decompress(&s.decoder);
        s.decoder_made = true;
    }
    jpeg_mem_src(&s.decoder, bytes, static_cast<unsigned long>(length));
    jpeg_read_header(&s.decoder, TRUE);
    switch (s.decoder.num_components) {
        case 1: s.decoder.out_color_space = JCS_GRAYSCALE; break;
        case 3: s.decoder.out_color_space = JCS_RGB; break;
        case 4: s.decoder.out_color_space = JCS_CMYK; break;
        default: break;
    }
}

void write_rows(jpeg_compress_struct& e, const uint8_t* pixels) {
    jpeg_start_compress(&e, TRUE);
    const size_t stride = static_cast<size_t>(e.image_width) * static_cast<size_t>(e.input_components);
    while (e.next_scanline < e.image_height) {
        JSAMPROW rows[16];
        JDIMENSION count = 0;
        for (; count < 16 && e.next_scanline + count < e.image_height; count++) {
            // libjpeg reads only; its interface predates const.
            rows[count] = const_cast<uint8_t*>(pixels) + stride * (e.next_scanline + count);
        }
        jpeg_write_scanlines(&e, rows, count);
    }
    jpeg_finish_compress(&e);
}

void encode(Session& s, const uint8_t* pixels, int32_t width, int32_t height, int32_t bands, int32_t quality,
            int32_t subsampling) {
    auto& e = s.encoder;
    e.image_width = static_cast<JDIMENSION>(width);
    e.image_height = static_cast<JDIMENSION>(height);
    e.input_components = bands;
    e.in_color_space = bands == 1 ? JCS_GRAYSCALE : bands == 3 ? JCS_RGB : JCS_CMYK;
    jpeg_set_defaults(&e);
    jpeg_set_quality(&e, quality, TRUE);
    if (bands == 3) {
        e.comp_info[0].h_samp_factor = subsampling == 2 ? 1 : 2;
        e.comp_info[0].v_samp_factor = subsampling == 0 ? 2 : 1;
    }
    write_rows(e, pixels);
}

// The file's own recipe: any tables, any sampling factors.
void encode_like(Session& s, const uint8_t* pixels, int32_t width, int32_t height, int32_t bands,
                 const int32_t* components, const uint16_t* tables) {
    auto& e = s.encoder;
    e.image_width = static_cast<JDIMENSION>(width);
    e.image_height = static_cast<JDIMENSION>(height);
    e.input_components = bands;
    e.in_color_space = bands == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_set_defaults(&e);
    for (int32_t c = 0; c < bands; c++, components += 3) {
        unsigned int table[DCTSIZE2];
        for (int32_t i = 0; i < DCTSIZE2; i++) table[i] = tables[components[2] * DCTSIZE2 + i];
        jpeg_add_quant_table(&e, components[2], table, 100, FALSE);
        e.comp_info[c].h_samp_factor = components[0];
        e.comp_info[c].v_samp_factor = components[1];
        e.comp_info[c].quant_tbl_no = components[2];
    }
    write_rows(e, pixels);
}

void decode_upright(Session& s, uint8_t* pixels) {
    auto& d = s.decoder;
    jpeg_start_decompress(&d);
    const size_t stride = static_cast<size_t>(d.output_width) * static_cast<size_t>(d.output_components);
    while (d.output_scanline < d.output_height) {
        JSAMPROW rows[4];
        JDIMENSION count = 0;
        for (; count < 4 && d.output_scanline + count < d.output_height; count++) {
            rows[count] = pixels + stride * (d.output_scanline + count);
        }
        jpeg_read_scanlines(&d, rows, count);
    }
    jpeg_finish_decompress(&d);
}

// Decodes a strip at a time and puts each where it belongs: no second copy of the picture.
void decode_turned(Session& s, uint8_t* pixels, int32_t orientation) {
    constexpr JDIMENSION strip_rows = 64;
    auto& d = s.decoder;
    jpeg_start_decompress(&d);
    const auto bands = static_cast<size_t>(d.output_components);
    const auto width = d.output_width;
    const Placement to = placement_for(orientation, width, d.output_height, bands);
    // From libjpeg's own pool: it is freed whichever way decoding ends. Below a gigabyte the rows lie at one distance.
    JSAMPARRAY strip = d.mem->alloc_sarray(reinterpret_cast<j_common_ptr>(&d), JPOOL_IMAGE,
                                           width * static_cast<JDIMENSION>(bands), strip_rows);
    const auto stride = static_cast<size_t>(strip[1] - strip[0]);
    while (d.output_scanline < d.output_height) {
        const JDIMENSION top = d.output_scanline;
        JDIMENSION rows = 0;
        while (rows < strip_rows && d.output_scanline < d.output_height) {
            rows += jpeg_read_scanlines(&d, strip + rows, strip_rows - rows);
        }
        place(to, pixels, strip[0], stride, 0, top, width, rows);
    }
    jpeg_finish_decompress(&d);
}

void copy_coefficients(Session& s, int16_t* const* planes, const int64_t* sizes, int32_t count) {
    auto& d = s.decoder;
    jvirt_barray_ptr* arrays = jpeg_read_coefficients(&d);
    if (d.num_components != count) ERREXIT1(&d, JERR_COMPONENT_COUNT, d.num_components);
    for (int32_t c = 0; c < count; c++) {
        const jpeg_component_info& info = d.comp_info[c];
        const size_t row_values = static_cast<size_t>(info.width_in_blocks) * DCTSIZE2;
        if (static_cast<int64_t>(row_values * info.height_in_blocks) != sizes[c]) ERREXIT(&d, JERR_BAD_BUFFER_MODE);
        for (JDIMENSION y = 0; y < info.height_in_blocks; y++) {
            JBLOCKARRAY row = d.mem->access_virt_barray(reinterpret_cast<j_common_ptr>(&d), arrays[c], y, 1, FALSE);
            memcpy(planes[c] + row_values * y, row[0], row_values * sizeof(int16_t));
        }
    }
    jpeg_finish_decompress(&d);
}

// The buffer itself goes to the caller: no copy here, a new one on the next call.
void hand_over(Session& s, uint8_t** bytes, int64_t* length) {
    *bytes = s.buffer.bytes;
    *length = static_cast<int64_t>(s.buffer.length);
    s.buffer.bytes = nullptr;
    s.buffer.capacity = 0;
}

bool valid(int32_t width, int32_t height, int32_t bands, int32_t quality, int32_t subsampling) {
    return width >= 1 && width <= JPEG_MAX_DIMENSION && height >= 1 && height <= JPEG_MAX_DIMENSION &&
           (bands == 1 || bands == 3 || bands == 4) && quality >= 1 && quality <= 100 && subsampling >= 0 && subsampling <= 2;
}

constexpr const char* bad_arguments =
    "JPEG needs 1-65500 pixels a side, 1, 3 or 4 bands, quality 1-100 and a known subsampling";

}  // namespace

int32_t image_jpeg_version(const char** text) {
#ifdef LIBJPEG_TURBO_VERSION
    *text = "libjpeg-turbo " TEXT_OF_VALUE(LIBJPEG_TURBO_VERSION);
#else
    *text = "libjpeg " TEXT_OF_VALUE(JPEG_LIB_VERSION);
#endif
    return 0;
}

int32_t image_jpeg_encode(const uint8_t* pixels, int32_t width, int32_t height, int32_t bands, int32_t quality,
                          int32_t subsampling, uint8_t** bytes, int64_t* length) {
    if (!valid(width, height, bands, quality, subsampling)) return fail(bad_arguments);
    Session& s = session;
    if (setjmp(s.trap.jump)) return s.recover();
    prepare_encoder(s);
    encode(s, pixels, width, height, bands, quality, subsampling);
    hand_over(s, bytes, length);
    return 0;
}

int32_t image_jpeg_encode_like(const uint8_t* pixels, int32_t width, int32_t height, int32_t bands,
                               const int32_t* components, const uint16_t* tables, uint8_t** bytes, int64_t* length) {
    if (!valid(width, height, bands, 100, 0) || bands == 4) return fail(bad_arguments);
    Session& s = session;
    if (setjmp(s.trap.jump)) return s.recover();
    prepare_encoder(s);
    encode_like(s, pixels, width, height, bands, components, tables);
    hand_over(s, bytes, length);
    return 0;
}

int32_t image_jpeg_size(const uint8_t* bytes, int64_t length, int32_t* width, int32_t* height, int32_t* bands) {
    Session& s = session;
    if (setjmp(s.trap.jump)) return s.recover();
    prepare_decoder(s, bytes, length);
    *width = static_cast<int32_t>(s.decoder.image_width);
    *height = static_cast<int32_t>(s.decoder.image_height);
    *bands = s.decoder.num_components;
    jpeg_abort_decompress(&s.decoder);
    return 0;
}

int32_t image_jpeg_decode(const uint8_t* bytes, int64_t length, uint8_t* pixels, int64_t capacity,
                          int32_t orientation) {
    Session& s = session;
    if (setjmp(s.trap.jump)) return s.recover();
    prepare_decoder(s, bytes, length);
    jpeg_calc_output_dimensions(&s.decoder);
    const int64_t needed = static_cast<int64_t>(s.decoder.output_width) * s.decoder.output_height * s.decoder.output_components;
    if (needed != capacity) {
        jpeg_abort_decompress(&s.decoder);
        return fail("the buffer does not fit the picture in the JPEG");
    }
    if (orientation <= 1) {
        decode_upright(s, pixels);
    } else {
        decode_turned(s, pixels, orientation);
    }
    return 0;
}

int32_t image_jpeg_roundtrip(const uint8_t* pixels, int32_t width, int32_t height, int32_t bands, int32_t quality,
                             int32_t subsampling, uint8_t* output, int64_t* length) {
    if (!valid(width, height, bands, quality, subsampling)) return fail(bad_arguments);
    Session& s = session;
    if (setjmp(s.trap.jump)) return s.recover();
    prepare_encoder(s);
    encode(s, pixels, width, height, bands, quality, subsampling);
    *length = static_cast<int64_t>(s.buffer.length);
    prepare_decoder(s, s.buffer.bytes, *length);
    decode_upright(s, output);
    s.trim();
    return 0;
}

int32_t image_jpeg_coefficients(const uint8_t* bytes, int64_t length, int16_t* const* planes, const int64_t* sizes,
                                int32_t count) {
    Session& s = session;
    if (setjmp(s.trap.jump)) return s.recover();
    prepare_decoder(s, bytes, length);
    copy_coefficients(s, planes, sizes, count);
    return 0;
}
