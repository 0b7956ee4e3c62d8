// Several processes that train one network: c10d, PyTorch's own engine. A store on TCP where they meet, Gloo between them.
#include "torch_border.h"

#ifdef USE_C10D_GLOO
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>

#include <cstdlib>
#endif

using namespace unpress;

#ifdef USE_C10D_GLOO

namespace {

struct Group {
    c10::intrusive_ptr<c10d::Store> store;
    c10::intrusive_ptr<c10d::ProcessGroupGloo> gloo;
};

std::vector<at::Tensor> one(const void* handle) { return {tensor_of(handle)}; }

}  // namespace

int32_t ut_group_new(const char* host, int32_t port, int32_t serves, const char* prefix, int32_t rank, int32_t size, int64_t milliseconds, ut_group* group) {
    return guarded([&] {
        c10d::TCPStoreOptions meeting;
        meeting.port = static_cast<uint16_t>(port);
        meeting.isServer = serves != 0;
        meeting.numWorkers = size;
        meeting.waitWorkers = false;
        meeting.timeout = std::chrono::milliseconds(milliseconds);
        auto made = std::make_unique<Group>();
        made->store = c10::make_intrusive<c10d::PrefixStore>(prefix, c10::make_intrusive<c10d::TCPStore>(host, meeting));
        auto options = c10d::ProcessGroupGloo::Options::create(std::chrono::milliseconds(milliseconds));
        const char* interface = std::getenv("GLOO_SOCKET_IFNAME");
        options->devices.push_back(interface ? c10d::ProcessGroupGloo::createDeviceForInterface(interface) : c10d::ProcessGroupGloo::createDefaultDevice());
        made->gloo = c10::make_intrusive<c10d::ProcessGroupGloo>(made->store, rank, size, options);
        *group = made.release();
    });
}

int32_t ut_group_all_reduce(ut_group group, ut_tensor tensor) {
    return guarded([&] {
        auto tensors = one(tensor);
        static_cast<Group*>(group)->gloo->allreduce(tensors)->wait();
    });
}

int32_t ut_group_broadcast(ut_group group, ut_tensor tensor) {
    return guarded([&] {
        auto tensors = one(tensor);
        static_cast<Group*>(group)->gloo->broadcast(tensors)->wait();
    });
}

void ut_group_free(ut_group group) { delete static_cast<Group*>(group); }

#else

int32_t ut_group_new(const char*, int32_t, int32_t, const char*, int32_t, int32_t, int64_t, ut_group*) {
    return fail("built without Gloo: install libgloo-dev, then build the bridge again");
}

int32_t ut_group_all_reduce(ut_group, ut_tensor) { return fail("built without Gloo"); }

int32_t ut_group_broadcast(ut_group, ut_tensor) { return fail("built without Gloo"); }

void ut_group_free(ut_group) {}

#endif
