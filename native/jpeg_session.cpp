#include "jpeg_session.h"

#include <jerror.h>
#include <stdlib.h>

namespace {

void exit_by_jump(j_common_ptr info) {
    auto* trap = reinterpret_cast<JpegTrap*>(info->err);
    info->err->format_message(info, trap->message);
    longjmp(trap->jump, 1);
}

void judge_message(j_common_ptr info, int level) {
    if (level >= 0) return;
    switch (info->err->msg_code) {
        case JWRN_JPEG_EOF:
        case JWRN_HIT_MARKER:
        case JWRN_HUFF_BAD_CODE:
        case JWRN_ARITH_BAD_CODE:
        case JWRN_MUST_RESYNC:
            exit_by_jump(info);
            break;
        default:
            info->err->num_warnings++;
    }
}

void print_nothing(j_common_ptr) {}

constexpr size_t first_capacity = 64 * 1024;

void start_buffer(j_compress_ptr info) {
    auto* buffer = reinterpret_cast<JpegBuffer*>(info->dest);
    if (!buffer->bytes) {
        buffer->bytes = static_cast<uint8_t*>(malloc(first_capacity));
        if (!buffer->bytes) ERREXIT1(info, JERR_OUT_OF_MEMORY, 1);
        buffer->capacity = first_capacity;
    }
    buffer->length = 0;
    buffer->manager.next_output_byte = buffer->bytes;
    buffer->manager.free_in_buffer = buffer->capacity;
}

boolean grow_buffer(j_compress_ptr info) {
    auto* buffer = reinterpret_cast<JpegBuffer*>(info->dest);
    auto* larger = static_cast<uint8_t*>(realloc(buffer->bytes, buffer->capacity * 2));
    if (!larger) ERREXIT1(info, JERR_OUT_OF_MEMORY, 2);
    buffer->bytes = larger;
    buffer->manager.next_output_byte = larger + buffer->capacity;
    buffer->manager.free_in_buffer = buffer->capacity;
    buffer->capacity *= 2;
    return TRUE;
}

void finish_buffer(j_compress_ptr info) {
    auto* buffer = reinterpret_cast<JpegBuffer*>(info->dest);
    buffer->length = buffer->capacity - buffer->manager.free_in_buffer;
}

}  // namespace

jpeg_error_mgr* jpeg_trap_init(JpegTrap* trap) {
    jpeg_std_error(&trap->manager);
    trap->manager.error_exit = exit_by_jump;
    trap->manager.emit_message = judge_message;
    trap->manager.output_message = print_nothing;
    trap->message[0] = 0;
    return &trap->manager;
}

void jpeg_buffer_init(JpegBuffer* buffer) {
    buffer->manager.init_destination = start_buffer;
    buffer->manager.empty_output_buffer = grow_buffer;
    buffer->manager.term_destination = finish_buffer;
}
