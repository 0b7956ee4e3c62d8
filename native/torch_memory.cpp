#include "torch_memory.h"

#include <c10/core/Allocator.h>
#include <c10/util/Exception.h>
#include <sys/mman.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <unordered_map>
#include <vector>

// Why: malloc gives blocks of this size back to the system at once, and the next layer's tensor faults every page in again. On a
// virtual machine those faults took 140 of 350 ms of a forward pass. What is kept is bounded by what
// tensors alone took at their height: see Pool::map.
namespace unpress {
namespace {

constexpr size_t kAlignment = 64;
constexpr size_t kLarge = 256 << 10;     // smaller ones are malloc's business
constexpr size_t kSmallestPage = 4096;   // mmap's blocks start on one
constexpr size_t kPage = 64 << 10;       // sizes are rounded up to this ...
constexpr size_t kHugePage = 2 << 20;    // ... or to this from kHugeFrom on, where huge pages save faults
constexpr size_t kHugeFrom = 4 << 20;
constexpr size_t kMaxWaste = 2;          // a kept block serves requests down to this fraction of its size

class Pool {
public:
    void* take(size_t bytes) {
        std::lock_guard<std::mutex> lock(mutex_);
        Block block = reuse(rounded(bytes));
        taken_.emplace(block.start, block.size);
        live_ += block.size;
        most_live_ = std::max(most_live_, live_);
        peak_ = std::max(peak_, live_ + kept_);
        return block.start;
    }

    // False when the block is not from here.
    bool give_back(void* start) {
        if (reinterpret_cast<uintptr_t>(start) % kSmallestPage != 0) return false;  // nearly all of malloc's
        std::lock_guard<std::mutex> lock(mutex_);
        auto found = taken_.find(start);
        if (found == taken_.end()) return false;
        live_ -= found->second;
        kept_ += found->second;
        free_.push_back({start, found->second});
        taken_.erase(found);
        return true;
    }

    void release() {
        std::lock_guard<std::mutex> lock(mutex_);
        while (!free_.empty()) unmap_oldest();
        most_live_ = live_;
    }

    MemoryFigures figures() {
        std::lock_guard<std::mutex> lock(mutex_);
        return {static_cast<int64_t>(live_), static_cast<int64_t>(peak_), static_cast<int64_t>(kept_)};
    }

    void reset_peak() {
        std::lock_guard<std::mutex> lock(mutex_);
        peak_ = live_ + kept_;
    }

private:
    struct Block {
        void* start;
        size_t size;
    };

    static size_t rounded(size_t bytes) {
        size_t unit = bytes >= kHugeFrom ? kHugePage : kPage;
        return (bytes + unit - 1) / unit * unit;
    }

    // The smallest kept block that fits and is not far too large, else a new one.
    Block reuse(size_t size) {
        auto best = free_.end();
        for (auto it = free_.begin(); it != free_.end(); ++it)
            if (it->size >= size && it->size <= kMaxWaste * size && (best == free_.end() || it->size < best->size)) best = it;
        if (best == free_.end()) return map(size);
        Block block = *best;
        free_.erase(best);
        kept_ -= block.size;
        return block;
    }

    // Kept blocks of the wrong sizes go before they and the tensors together would take more than tensors alone ever took.
    Block map(size_t size) {
        while (!free_.empty() && live_ + kept_ + size > most_live_) unmap_oldest();
        void* start = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        TORCH_CHECK(start != MAP_FAILED, "can't allocate memory: ", size, " bytes for a tensor");
        if (size >= kHugeFrom) madvise(start, size, MADV_HUGEPAGE);
        return {start, size};
    }

    void unmap_oldest() {
        Block block = free_.front();
        free_.erase(free_.begin());
        munmap(block.start, block.size);
        kept_ -= block.size;
    }

    std::mutex mutex_;
    std::vector<Block> free_;  // in the order in which they came back
    std::unordered_map<void*, size_t> taken_;
    size_t live_ = 0, kept_ = 0, most_live_ = 0, peak_ = 0;
};

// Never destroyed: tensors in static variables are freed after everything else.
Pool& pool() {
    static Pool* the_pool = new Pool;
    return *the_pool;
}

void free_block(void* start) {
    if (start && !pool().give_back(start)) std::free(start);
}

struct Allocator final : at::Allocator {
    // libtorch up to 2.2 asks for a const function, from 2.3 on for one that is not, and for copy_data: so none says "override".
    at::DataPtr allocate(size_t bytes) const { return make(bytes); }
    at::DataPtr allocate(size_t bytes) { return make(bytes); }
    void copy_data(void* target, const void* source, size_t bytes) const { std::memcpy(target, source, bytes); }

    at::DeleterFnPtr raw_deleter() const override { return &free_block; }

private:
    static at::DataPtr make(size_t bytes) {
        void* start = nullptr;
        if (bytes >= kLarge)
            start = pool().take(bytes);
        else if (bytes > 0)
            TORCH_CHECK(posix_memalign(&start, kAlignment, bytes) == 0, "can't allocate memory: ", bytes, " bytes for a tensor");
        return {start, start, &free_block, at::Device(at::kCPU)};
    }
};

}  // namespace

void install_tensor_memory() {
    static Allocator allocator;
    c10::SetAllocator(at::kCPU, &allocator, 1);
}

MemoryFigures tensor_memory() { return pool().figures(); }

void reset_tensor_memory_peak() { pool().reset_peak(); }

void release_kept_memory() { pool().release(); }

}  // namespace unpress
