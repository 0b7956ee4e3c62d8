// Any ATen operator by name: arguments from C# to the dispatcher's boxed values, and results back.
#include "torch_border.h"

#include <ATen/core/dispatch/Dispatcher.h>
#include <torch/version.h>

#include <cstring>
#include <optional>
#include <string>

using namespace unpress;

namespace {

#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 5)
using maybe_tensor = std::optional<at::Tensor>;
#else
using maybe_tensor = c10::optional<at::Tensor>;
#endif

at::Device device_of(const ut_value& v) {
    return at::Device(static_cast<at::DeviceType>(v.i), static_cast<at::DeviceIndex>(v.count));
}

bool wants_float(const c10::TypePtr& type) {
    if (type->kind() == c10::TypeKind::FloatType) return true;
    auto optional = type->cast<c10::OptionalType>();
    return optional && optional->getElementType()->kind() == c10::TypeKind::FloatType;
}

// Tensor?[] (index operators) and Tensor[] are different lists to the dispatcher.
c10::IValue tensor_list(const ut_value& v, bool optional) {
    auto* handles = static_cast<ut_tensor const*>(v.p);
    if (optional) {
        c10::List<maybe_tensor> list;
        list.reserve(v.count);
        for (int32_t k = 0; k < v.count; k++)
            list.push_back(handles[k] ? maybe_tensor(tensor_of(handles[k])) : maybe_tensor());
        return list;
    }
    c10::List<at::Tensor> list;
    list.reserve(v.count);
    for (int32_t k = 0; k < v.count; k++) list.push_back(tensor_of(handles[k]));
    return list;
}

template <typename T, typename Stored>
c10::List<T> number_list(const ut_value& v) {
    auto* numbers = static_cast<const Stored*>(v.p);
    c10::List<T> list;
    list.reserve(v.count);
    for (int32_t k = 0; k < v.count; k++) list.push_back(static_cast<T>(numbers[k]));
    return list;
}

c10::IValue default_of(const c10::Argument& argument) {
    TORCH_CHECK(argument.default_value().has_value(), "argument '", argument.name(), "' has no default and was not given");
    return *argument.default_value();
}

c10::IValue to_ivalue(const ut_value& v, const c10::Argument& argument) {
    switch (v.tag) {
        case UT_NONE: return c10::IValue();
        case UT_TENSOR: return v.p ? c10::IValue(tensor_of(v.p)) : c10::IValue();
        case UT_INT: return wants_float(argument.type()) ? c10::IValue(static_cast<double>(v.i)) : c10::IValue(v.i);
        case UT_FLOAT: return v.d;
        case UT_BOOL: return v.i != 0;
        case UT_STRING: return std::string(static_cast<const char*>(v.p), v.count);
        case UT_INT_LIST: return number_list<int64_t, int64_t>(v);
        case UT_FLOAT_LIST: return number_list<double, double>(v);
        case UT_BOOL_LIST: return number_list<bool, int64_t>(v);
        case UT_TENSOR_LIST: return tensor_list(v, false);
        case UT_OPT_TENSOR_LIST: return tensor_list(v, true);
        case UT_DEVICE: return device_of(v);
        case UT_DEFAULT: return default_of(argument);
        case UT_GENERATOR: return *static_cast<const at::Generator*>(v.p);
        default: TORCH_CHECK(false, "unknown value tag ", v.tag);
    }
}

struct Results {
    ut_value* out;
    int32_t capacity;
    int32_t count = 0;

    ut_value& next() {
        TORCH_CHECK(count < capacity, "the operator returned more than ", capacity, " values");
        ut_value& v = out[count++];
        v = ut_value{};
        return v;
    }

    void add_tensor(const at::Tensor& t) {
        ut_value& v = next();
        v.tag = t.defined() ? UT_TENSOR : UT_NONE;
        if (t.defined()) v.p = own(t);
    }

    void add(const c10::IValue& value) {
        if (value.isTensor()) {
            add_tensor(value.toTensor());
        } else if (value.isTensorList()) {
            for (const at::Tensor& t : value.toTensorVector()) add_tensor(t);
        } else if (value.isInt()) {
            ut_value& v = next();
            v.tag = UT_INT;
            v.i = value.toInt();
        } else if (value.isDouble()) {
            ut_value& v = next();
            v.tag = UT_FLOAT;
            v.d = value.toDouble();
        } else if (value.isBool()) {
            ut_value& v = next();
            v.tag = UT_BOOL;
            v.i = value.toBool();
        } else if (value.isScalar()) {
            ut_value& v = next();
            v.tag = UT_FLOAT;
            v.d = value.toScalar().toDouble();
        } else if (value.isNone()) {
            next();
        } else {
            TORCH_CHECK(false, "a result of type ", value.tagKind(), " cannot cross the bridge");
        }
    }

    void release() {
        for (int32_t k = 0; k < count; k++)
            if (out[k].tag == UT_TENSOR) ut_tensor_free(out[k].p);
        count = 0;
    }
};

const c10::OperatorHandle& handle_of(ut_op op) {
    TORCH_CHECK(op != nullptr, "null operator");
    return *static_cast<const c10::OperatorHandle*>(op);
}

}  // namespace

int32_t ut_op_find(const char* name, const char* overload, ut_op* op) {
    return guarded([&] {
        auto found = c10::Dispatcher::singleton().findSchema({name, overload});
        TORCH_CHECK(found.has_value(), "this libtorch (", TORCH_VERSION, ") has no operator ", name, *overload ? "." : "", overload);
        *op = new c10::OperatorHandle(*found);  // lives as long as the process, like the operator itself
    });
}

int32_t ut_op_schema(ut_op op, char* text, int32_t capacity) {
    return guarded([&] {
        std::string s = c10::str(handle_of(op).schema());
        TORCH_CHECK(static_cast<int64_t>(s.size()) < capacity, "schema text needs ", s.size() + 1, " bytes");
        std::memcpy(text, s.c_str(), s.size() + 1);
    });
}

int32_t ut_op_call(ut_op op, const ut_value* arguments, int32_t count, ut_value* results, int32_t capacity, int32_t* result_count) {
    *result_count = 0;
    Results out{results, capacity};
    int32_t status = guarded([&] {
        const auto& handle = handle_of(op);
        const auto& expected = handle.schema().arguments();
        TORCH_CHECK(count <= static_cast<int32_t>(expected.size()), handle.operator_name(), " takes ", expected.size(), " arguments, got ", count);
        torch::jit::Stack stack;
        stack.reserve(expected.size());
        for (size_t k = 0; k < expected.size(); k++)
            stack.push_back(k < static_cast<size_t>(count) ? to_ivalue(arguments[k], expected[k]) : default_of(expected[k]));
        handle.callBoxed(&stack);
        for (const auto& value : stack) out.add(value);
    });
    if (status) out.release();
    *result_count = out.count;
    return status;
}
