#include "vips_session.h"

#include <string.h>
#include <vips/vips.h>

#include "image_error.h"

namespace {

void print_nothing(const gchar*, GLogLevelFlags, const gchar*, gpointer) {}

bool start() {
    if (vips_init("unpress")) return false;
    // Pictures here are opened once: caching operations would only keep their memory.
    vips_cache_set_max(0);
    // Warnings about odd files belong to nobody's stderr; what matters comes back as an error.
    g_log_set_handler("VIPS", static_cast<GLogLevelFlags>(G_LOG_LEVEL_WARNING | G_LOG_LEVEL_INFO), print_nothing, nullptr);
    return true;
}

}  // namespace

bool vips_ready() {
    static const bool ready = start();
    return ready;
}

int32_t fail_vips() {
    char* text = vips_error_buffer_copy();
    // "pngload: libspng read error": which loader it was says nothing to the user, but the last line is the cause.
    char* end = text + strlen(text);
    while (end > text && end[-1] == '\n') *--end = 0;
    const char* line = strrchr(text, '\n');
    const int32_t status = fail(line ? line + 1 : *text ? text : "unknown error of libvips");
    g_free(text);
    return status;
}
