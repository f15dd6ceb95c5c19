#include <math.h>

#include "kernels.h"

struct elementwise_arguments {
    enum kernel_activation activation;
    int64_t rows, columns;
    const float *input;
    const uint8_t *mask;
    float *output;
    float scale;
    bool rectified;
};

/// Numbers that one thread takes at a time, so that threads do not share cache lines.
enum { chunk = 1024 };

INLINE int64_t chunk_count(int64_t count) { return (count + chunk - 1) / chunk; }
INLINE int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

VERSIONS static void relu_range(const void *arguments, int64_t first, int64_t last, int member) {
    (void)member;
    const struct elementwise_arguments *a = arguments;
    // Written so that a NaN stays one.
    for (int64_t i = first * chunk; i < least(last * chunk, a->columns); i++) {
        a->output[i] = a->input[i] <= 0 ? 0 : a->input[i];
    }
}

INLINE float curve(enum kernel_activation activation, float x) {
    switch (activation) {
    case kernel_tanh: return tanhf(x);
    case kernel_log_sigmoid: return (x < 0 ? x : 0) - log1pf(expf(-fabsf(x)));
    default: return 1 / (1 + expf(-x));
    }
}

static void curve_range(const void *arguments, int64_t first, int64_t last, int member) {
    (void)member;
    const struct elementwise_arguments *a = arguments;
    for (int64_t i = first * chunk; i < least(last * chunk, a->columns); i++) {
        a->output[i] = curve(a->activation, a->input[i]);
    }
}

void kernel_activate(
    enum kernel_activation activation, int64_t count, const float *input, float *output, int threads) {
    struct elementwise_arguments arguments = {
        .activation = activation, .columns = count, .input = input, .output = output};
    run_in_team(
        activation == kernel_relu ? relu_range : curve_range, &arguments, chunk_count(count), threads);
}

VERSIONS static void activate_backward_range(const void *arguments, int64_t first, int64_t last, int member) {
    (void)member;
    const struct elementwise_arguments *a = arguments;
    int64_t from = first * chunk, to = least(last * chunk, a->columns);
    const float *y = a->input;
    float *gradient = a->output;
    switch (a->activation) {
    case kernel_relu:
        for (int64_t i = from; i < to; i++) gradient[i] = y[i] <= 0 ? 0 : gradient[i];
        break;
    case kernel_sigmoid:
        for (int64_t i = from; i < to; i++) gradient[i] *= y[i] * (1 - y[i]);
        break;
    case kernel_tanh:
        for (int64_t i = from; i < to; i++) gradient[i] *= 1 - y[i] * y[i];
        break;
    case kernel_log_sigmoid:
        for (int64_t i = from; i < to; i++) gradient[i] *= -expm1f(y[i]);
        break;
    }
}

void kernel_activate_backward(
    enum kernel_activation activation, int64_t count, const float *output, float *gradient, int threads) {
    struct elementwise_arguments arguments = {
        .activation = activation, .columns = count, .input = output, .output = gradient};
    run_in_team(activate_backward_range, &arguments, chunk_count(count), threads);
}

VERSIONS static void add_bias_range(const void *arguments, int64_t first, int64_t last, int member) {
    (void)member;
    const struct elementwise_arguments *a = arguments;
    for (int64_t row = first; row < last; row++) {
        float *numbers = a->output + row * a->columns;
        for (int64_t i = 0; i < a->columns; i++) {
            float sum = numbers[i] + a->input[i];
            numbers[i] = a->rectified && sum <= 0 ? 0 : sum;
        }
    }
}

void kernel_add_bias(
    int64_t rows, int64_t columns, const float *bias, bool rectified, float *matrix, int threads) {
    struct elementwise_arguments arguments = {
        .columns = columns, .input = bias, .output = matrix, .rectified = rectified};
    run_in_team(add_bias_range, &arguments, rows, threads);
}

VERSIONS static void sum_rows_range(const void *arguments, int64_t first, int64_t last, int member) {
    (void)member;
    const struct elementwise_arguments *a = arguments;
    int64_t from = first * lane_count, to = least(last * lane_count, a->columns);
    for (int64_t i = from; i < to; i++) a->output[i] = 0;
    for (int64_t row = 0; row < a->rows; row++) {
        for (int64_t i = from; i < to; i++) a->output[i] += a->input[row * a->columns + i];
    }
}

void kernel_sum_rows(int64_t rows, int64_t columns, const float *gradient, float *bias_gradient, int threads) {
    struct elementwise_arguments arguments = {
        .rows = rows, .columns = columns, .input = gradient, .output = bias_gradient};
    run_in_team(sum_rows_range, &arguments, (columns + lane_count - 1) / lane_count, threads);
}

VERSIONS static void mask_range(const void *arguments, int64_t first, int64_t last, int member) {
    (void)member;
    const struct elementwise_arguments *a = arguments;
    for (int64_t i = first * chunk; i < least(last * chunk, a->columns); i++) {
        a->output[i] = a->input[i] * ((float)a->mask[i] * a->scale);
    }
}

void kernel_mask(
    int64_t count, const float *input, const uint8_t *mask, float scale, float *output, int threads) {
    struct elementwise_arguments arguments = {
        .columns = count, .input = input, .mask = mask, .output = output, .scale = scale};
    run_in_team(mask_range, &arguments, chunk_count(count), threads);
}

VERSIONS static void scale_range(const void *arguments, int64_t first, int64_t last, int member) {
    (void)member;
    const struct elementwise_arguments *a = arguments;
    for (int64_t i = first * chunk; i < least(last * chunk, a->columns); i++) {
        a->output[i] = a->input[i] * a->scale;
    }
}

void kernel_scale(int64_t count, const float *input, float scale, float *output, int threads) {
    struct elementwise_arguments arguments = {
        .columns = count, .input = input, .output = output, .scale = scale};
    run_in_team(scale_range, &arguments, chunk_count(count), threads);
}
