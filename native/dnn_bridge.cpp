#include "dnn_bridge.h"

#include <opencv2/core/utils/logger.hpp>
#include <opencv2/core/version.hpp>
#include <opencv2/dnn.hpp>

#include <string>
#include <vector>

namespace {

constexpr int most_dimensions = 16;

struct Model {
    cv::dnn::Net net;
    std::vector<std::string> names;
    std::vector<cv::Mat> outputs;
};

thread_local std::string last_error;

int32_t fail(const std::string& text) {
    last_error = text;
    return 1;
}

// OpenCV would print every error too; callers print it.
int quiet(int, const char*, const char*, const char*, int, void*) { return 0; }

template <typename F>
int32_t guarded(F&& body) {
    try {
        return body();
    } catch (const cv::Exception& error) {
        return fail(error.err + (error.func.empty() ? "" : " (" + error.func + ")"));
    } catch (const std::exception& error) {
        return fail(error.what());
    } catch (...) {
        return fail("unknown failure");
    }
}

}  // namespace

int32_t dnn_last_error(const char** text) {
    *text = last_error.c_str();
    return 0;
}

int32_t dnn_version(const char** text) {
    *text = CV_VERSION;
    return 0;
}

int32_t dnn_open(const char* path, void** model) {
    *model = nullptr;
    return guarded([&] {
        cv::redirectError(quiet);
        cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
        auto opened = std::make_unique<Model>();
        opened->net = cv::dnn::readNetFromONNX(path);
        opened->names = opened->net.getUnconnectedOutLayersNames();
        opened->outputs.resize(opened->names.size());
        *model = opened.release();
        return 0;
    });
}

int32_t dnn_close(void* model) {
    delete static_cast<Model*>(model);
    return 0;
}

int32_t dnn_output_count(void* model, int32_t* count) {
    *count = static_cast<int32_t>(static_cast<Model*>(model)->names.size());
    return 0;
}

int32_t dnn_output_name(void* model, int32_t index, const char** name) {
    const auto& names = static_cast<Model*>(model)->names;
    if (index < 0 || index >= static_cast<int32_t>(names.size())) return fail("no such output");
    *name = names[static_cast<size_t>(index)].c_str();
    return 0;
}

int32_t dnn_run(void* model, const float* input, int32_t channels, int32_t height, int32_t width) {
    return guarded([&] {
        auto* one = static_cast<Model*>(model);
        const int sizes[] = {1, channels, height, width};
        // The network copies what it is given.
        one->net.setInput(cv::Mat(4, sizes, CV_32F, const_cast<float*>(input)));
        std::vector<cv::Mat> outputs;
        one->net.forward(outputs, one->names);
        for (size_t i = 0; i < outputs.size(); i++) {
            // Some outputs are whole numbers, and some are views into others.
            outputs[i].convertTo(one->outputs[i], CV_32F);
            if (!one->outputs[i].isContinuous()) one->outputs[i] = one->outputs[i].clone();
        }
        return 0;
    });
}

int32_t dnn_output(void* model, int32_t index, int32_t* rank, int32_t* sizes, const float** values, int64_t* count) {
    const auto& outputs = static_cast<Model*>(model)->outputs;
    if (index < 0 || index >= static_cast<int32_t>(outputs.size())) return fail("no such output");
    const cv::Mat& output = outputs[static_cast<size_t>(index)];
    if (output.dims > most_dimensions) return fail("an output has too many dimensions");
    *rank = output.dims;
    for (int i = 0; i < output.dims; i++) sizes[i] = output.size[i];
    *values = output.ptr<float>();
    *count = static_cast<int64_t>(output.total());
    return 0;
}
