// Several processes that train one network: c10d, PyTorch's own engine. A store on TCP where they meet, Gloo between them.
#include "torch_border.h"

#ifdef USE_C10D_GLOO
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>
#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/function_hook.h>
#include <torch/csrc/autograd/variable.h>

#include <cstdlib>
#include <mutex>
#endif

using namespace unpress;

#ifdef USE_C10D_GLOO

namespace {

struct Group {
    c10::intrusive_ptr<c10d::Store> store;
    c10::intrusive_ptr<c10d::ProcessGroupGloo> gloo;
};

std::vector<at::Tensor> one(const void* handle) { return {tensor_of(handle)}; }

// A parameter's place in its bucket.
struct Member {
    at::Tensor parameter;
    at::Tensor place;
    size_t bucket;
    bool arrived = false;
    std::shared_ptr<torch::autograd::Node> accumulator;  // lives as long as somebody holds it, and its hooks with it
    uintptr_t hook = 0;
};

struct Bucket {
    at::Tensor flat;
    size_t all = 0, missing = 0;
    c10::intrusive_ptr<c10d::Work> work;
};

class Exchange {
public:
    Exchange(const Group& group, const ut_tensor* parameters, int32_t count, int64_t bytes) : gloo(group.gloo) {
        for (int32_t k = count - 1, first = k; k >= 0; k--) {
            int64_t sum = 0;
            for (int32_t j = k; j <= first; j++) sum += tensor_of(parameters[j]).numel();
            if (k > 0 && sum * static_cast<int64_t>(sizeof(float)) < bytes) continue;
            add(parameters, k, first, sum);
            first = k - 1;
        }
        for (size_t k = 0; k < members.size(); k++) {
            auto& member = members[k];
            member.accumulator = torch::autograd::impl::grad_accumulator(member.parameter);
            member.hook = member.accumulator->add_post_hook(std::make_unique<Arrival>(*this, k));
        }
    }

    ~Exchange() {
        for (auto& member : members)
            if (member.hook) member.accumulator->del_post_hook(member.hook);
    }

    void begin() {
        std::lock_guard<std::mutex> hold(gate);
        for (auto& member : members) member.arrived = false;
        for (auto& bucket : buckets) bucket.missing = bucket.all;
        next = 0;
        failure = nullptr;
        open = true;
    }

    void finish() {
        std::lock_guard<std::mutex> hold(gate);
        at::NoGradGuard fixed;
        open = false;
        if (failure) std::rethrow_exception(failure);
        for (auto& member : members)
            if (!member.arrived) put(member);
        send();
        for (auto& bucket : buckets) {
            bucket.work->wait();
            bucket.flat.div_(gloo->getSize());
        }
        for (auto& member : members)
            if (member.parameter.grad().defined()) member.parameter.mutable_grad().copy_(member.place);
    }

private:
    struct Arrival : torch::autograd::FunctionPostHook {
        Arrival(Exchange& to, size_t which) : to(to), which(which) {}

        torch::autograd::variable_list operator()(const torch::autograd::variable_list& outputs, const torch::autograd::variable_list&) override {
            to.arrive(which);
            return outputs;
        }

        Exchange& to;
        size_t which;
    };

    void add(const ut_tensor* parameters, int32_t from, int32_t to, int64_t sum) {
        Bucket bucket;
        bucket.flat = at::zeros({sum}, at::kFloat);
        int64_t at = 0;
        for (int32_t k = to; k >= from; k--) {
            const auto& parameter = tensor_of(parameters[k]);
            members.push_back({parameter, bucket.flat.narrow(0, at, parameter.numel()).view(parameter.sizes()), buckets.size()});
            at += parameter.numel();
            bucket.all++;
        }
        buckets.push_back(bucket);
    }

    // Within the backward pass, perhaps on a thread of its own. A failure waits for finish.
    void arrive(size_t which) {
        std::lock_guard<std::mutex> hold(gate);
        if (!open || failure || members[which].arrived) return;
        try {
            at::NoGradGuard fixed;
            put(members[which]);
            send();
        } catch (...) {
            failure = std::current_exception();
        }
    }

    void put(Member& member) {
        const auto& gradient = member.parameter.grad();
        if (gradient.defined())
            member.place.copy_(gradient);
        else
            member.place.zero_();
        member.arrived = true;
        buckets[member.bucket].missing--;
    }

    // Buckets leave in their order: the processes must agree on it, and gradients may arrive in another order.
    void send() {
        for (; next < buckets.size() && buckets[next].missing == 0; next++) {
            std::vector<at::Tensor> flat{buckets[next].flat};
            buckets[next].work = gloo->allreduce(flat);
        }
    }

    c10::intrusive_ptr<c10d::ProcessGroupGloo> gloo;
    std::vector<Member> members;
    std::vector<Bucket> buckets;
    std::mutex gate;
    std::exception_ptr failure;
    size_t next = 0;
    bool open = false;
};

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

int32_t ut_exchange_new(ut_group group, const ut_tensor* parameters, int32_t count, int64_t bucket_bytes, ut_exchange* exchange) {
    return guarded([&] { *exchange = new Exchange(*static_cast<Group*>(group), parameters, count, bucket_bytes); });
}

int32_t ut_exchange_begin(ut_exchange exchange) {
    return guarded([&] { static_cast<Exchange*>(exchange)->begin(); });
}

int32_t ut_exchange_finish(ut_exchange exchange) {
    return guarded([&] { static_cast<Exchange*>(exchange)->finish(); });
}

void ut_exchange_free(ut_exchange exchange) { delete static_cast<Exchange*>(exchange); }

#else

int32_t ut_group_new(const char*, int32_t, int32_t, const char*, int32_t, int32_t, int64_t, ut_group*) {
    return fail("built without Gloo: install libgloo-dev, then build the bridge again");
}

int32_t ut_group_all_reduce(ut_group, ut_tensor) { return fail("built without Gloo"); }

int32_t ut_group_broadcast(ut_group, ut_tensor) { return fail("built without Gloo"); }

void ut_group_free(ut_group) {}

int32_t ut_exchange_new(ut_group, const ut_tensor*, int32_t, int64_t, ut_exchange*) { return fail("built without Gloo"); }

int32_t ut_exchange_begin(ut_exchange) { return fail("built without Gloo"); }

int32_t ut_exchange_finish(ut_exchange) { return fail("built without Gloo"); }

void ut_exchange_free(ut_exchange) {}

#endif
