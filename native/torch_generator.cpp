// Random numbers of one's own: generators that nobody else draws from.
#include "torch_border.h"

#include <mutex>

using namespace unpress;

namespace {

at::Generator& generator_of(ut_generator handle) {
    TORCH_CHECK(handle != nullptr, "null generator handle");
    return *static_cast<at::Generator*>(handle);
}

}  // namespace

int32_t ut_generator_new(int32_t device_type, int32_t device_index, uint64_t seed, ut_generator* generator) {
    return guarded([&] {
        // A copy of the device's own: the one way to make a generator of any kind of device without its headers.
        at::Generator shared = at::globalContext().defaultGenerator(
            at::Device(static_cast<at::DeviceType>(device_type), static_cast<at::DeviceIndex>(device_index)));
        std::unique_lock<std::mutex> lock(shared.mutex());
        at::Generator made = shared.clone();
        lock.unlock();
        made.set_current_seed(seed);
        *generator = new at::Generator(std::move(made));
    });
}

void ut_generator_free(ut_generator generator) { delete static_cast<at::Generator*>(generator); }

int32_t ut_generator_state(ut_generator generator, ut_tensor* state) {
    return guarded([&] {
        auto& numbers = generator_of(generator);
        std::lock_guard<std::mutex> lock(numbers.mutex());
        *state = own(numbers.get_state());
    });
}

int32_t ut_set_generator_state(ut_generator generator, ut_tensor state) {
    return guarded([&] {
        auto& numbers = generator_of(generator);
        std::lock_guard<std::mutex> lock(numbers.mutex());
        numbers.set_state(tensor_of(state));
    });
}
