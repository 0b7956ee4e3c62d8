// What every use of libjpeg here shares: errors that jump back instead of ending the process, and memory to write to.
#pragma once
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <jpeglib.h>

// libjpeg reports errors by calling error_exit, which must not return. It is C, so no exception may pass through it:
// functions that call setjmp(trap.jump) must own nothing with a destructor.
struct JpegTrap {
    jpeg_error_mgr manager;
    jmp_buf jump;
    char message[JMSG_LENGTH_MAX];
};

// Fills in the manager. Damaged or truncated data counts as an error, not as the warning that libjpeg makes of it.
jpeg_error_mgr* jpeg_trap_init(JpegTrap* trap);

// A growing piece of malloc memory that keeps its size from one picture to the next.
struct JpegBuffer {
    jpeg_destination_mgr manager;
    uint8_t* bytes;
    size_t capacity;
    size_t length;
};

void jpeg_buffer_init(JpegBuffer* buffer);
