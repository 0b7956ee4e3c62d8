// The memory of CPU tensors: large blocks are kept and given out again instead of being returned to the system.
#pragma once
#include <cstddef>
#include <cstdint>

namespace unpress {

struct MemoryFigures {
    int64_t live;    // bytes in tensors now
    int64_t peak;    // the most that tensors and kept blocks took together since the last reset
    int64_t kept;    // bytes kept for the next tensor
};

// Makes libtorch take the memory of CPU tensors from here. Once, before the first tensor.
void install_tensor_memory();

MemoryFigures tensor_memory();

// The peak counts again from now.
void reset_tensor_memory_peak();

// Returns what is kept to the system.
void release_kept_memory();

}  // namespace unpress
