#include "kernels.h"

struct pooling_arguments {
    struct kernel_pooling shape;
    const float *input, *output_gradient, *output;
    float *result;
    uint8_t *argmax;
    const uint8_t *argmax_before;
};

/// The part of a window along one axis that lies inside the image.
struct extent { int64_t first, last; };

INLINE struct extent clip(int64_t start, int64_t kernel, int64_t limit) {
    return (struct extent){start < 0 ? -start : 0, start + kernel > limit ? limit - start : kernel};
}

/// One output pixel of a max-pooling, for `lane_count` lanes at once.
INLINE void choose_vector(
    const struct kernel_pooling *s, const float *plane, int64_t top, int64_t left, struct extent rows,
    struct extent columns, float *output, uint8_t *argmax) {
    floats best = {0};
    words index = {0};
    int any = s->rectified;
    for (int64_t y = rows.first; y < rows.last; y++) {
        for (int64_t x = columns.first; x < columns.last; x++) {
            floats value = *(const floats *)(plane + ((top + y) * s->input_width + left + x) * s->lanes);
            words number = (words){0} + (int32_t)(y * s->kernel + x);
            // True also for a NaN, and never again after one.
            words take = any ? (~(value <= best) & (best == best)) : ((words){0} - 1);
            any = 1;
            best = (floats)(((words)value & take) | ((words)best & ~take));
            index = (number & take) | (index & ~take);
        }
    }
    *(floats *)output = best;
    *(bytes *)argmax = __builtin_convertvector(index, bytes);
}

/// The same for one lane.
INLINE void choose_scalar(
    const struct kernel_pooling *s, const float *plane, int64_t top, int64_t left, struct extent rows,
    struct extent columns, float *output, uint8_t *argmax) {
    float best = 0;
    int64_t index = 0;
    int any = s->rectified;
    for (int64_t y = rows.first; y < rows.last; y++) {
        for (int64_t x = columns.first; x < columns.last; x++) {
            float value = plane[((top + y) * s->input_width + left + x) * s->lanes];
            if (!any || (!(value <= best) && best == best)) {
                best = value;
                index = y * s->kernel + x;
            }
            any = 1;
        }
    }
    *output = best;
    *argmax = (uint8_t)index;
}

INLINE void max_pool_planes(
    const struct kernel_pooling *s, const struct pooling_arguments *a, int64_t first, int64_t last) {
    for (int64_t plane = first; plane < last; plane++) {
        const float *input = a->input + plane * s->input_height * s->input_width * s->lanes;
        int64_t pixel = plane * s->output_height * s->output_width;
        for (int64_t y = 0; y < s->output_height; y++) {
            int64_t top = y * s->stride - s->padding;
            struct extent rows = clip(top, s->kernel, s->input_height);
            if (s->padding == 0) rows = (struct extent){0, s->kernel};
            for (int64_t x = 0; x < s->output_width; x++, pixel++) {
                int64_t left = x * s->stride - s->padding;
                struct extent columns = clip(left, s->kernel, s->input_width);
                if (s->padding == 0) columns = (struct extent){0, s->kernel};
                float *output = a->result + pixel * s->lanes;
                uint8_t *argmax = a->argmax + pixel * s->lanes;
                int64_t lane = 0;
                for (; lane + lane_count <= s->lanes; lane += lane_count) {
                    choose_vector(s, input + lane, top, left, rows, columns, output + lane, argmax + lane);
                }
                for (; lane < s->lanes; lane++) {
                    choose_scalar(s, input + lane, top, left, rows, columns, output + lane, argmax + lane);
                }
            }
        }
    }
}

VERSIONS static void max_pool_range(const void *arguments, int64_t first, int64_t last, int member) {
    (void)member;
    const struct pooling_arguments *a = arguments;
    struct kernel_pooling s = a->shape;
    if (s.kernel == 2 && s.stride == 2 && s.padding == 0 && s.lanes == lane_count && s.rectified) {
        // The common case, with its constants known to the compiler.
        s.kernel = 2, s.stride = 2, s.padding = 0, s.lanes = lane_count, s.rectified = true;
        max_pool_planes(&s, a, first, last);
    } else {
        max_pool_planes(&s, a, first, last);
    }
}

void kernel_max_pool(
    const struct kernel_pooling *shape, const float *input, float *output, uint8_t *argmax, int threads) {
    struct pooling_arguments arguments = {.shape = *shape, .input = input, .result = output, .argmax = argmax};
    run_in_team(max_pool_range, &arguments, shape->planes, threads);
}

/// Windows that do not overlap: each input pixel takes its gradient from the one window it lies in.
INLINE void route_pairs(const struct pooling_arguments *a, const struct kernel_pooling *s, int64_t plane) {
    float *result = a->result + plane * s->input_height * s->input_width * lane_count;
    int64_t pixel = plane * s->output_height * s->output_width * lane_count;
    for (int64_t y = 0; y < s->output_height; y++) {
        for (int64_t x = 0; x < s->output_width; x++, pixel += lane_count) {
            words gradient = *(const words *)(a->output_gradient + pixel);
            if (s->rectified) gradient &= ~(*(const floats *)(a->output + pixel) <= (floats){0});
            words index = __builtin_convertvector(*(const bytes *)(a->argmax_before + pixel), words);
            float *corner = result + (2 * y * s->input_width + 2 * x) * lane_count;
            for (int32_t number = 0; number < 4; number++) {
                float *target = corner + ((number >> 1) * s->input_width + (number & 1)) * lane_count;
                *(words *)target = gradient & (index == number);
            }
        }
    }
}

static void scatter(const struct pooling_arguments *a, const struct kernel_pooling *s, int64_t plane) {
    int64_t size = s->input_height * s->input_width * s->lanes;
    float *result = a->result + plane * size;
    memset(result, 0, (size_t)size * sizeof *result);
    int64_t pixel = plane * s->output_height * s->output_width * s->lanes;
    for (int64_t y = 0; y < s->output_height; y++) {
        for (int64_t x = 0; x < s->output_width; x++) {
            for (int64_t lane = 0; lane < s->lanes; lane++, pixel++) {
                if (s->rectified && a->output[pixel] <= 0) continue;
                int64_t row = y * s->stride - s->padding + a->argmax_before[pixel] / s->kernel;
                int64_t column = x * s->stride - s->padding + a->argmax_before[pixel] % s->kernel;
                result[(row * s->input_width + column) * s->lanes + lane] += a->output_gradient[pixel];
            }
        }
    }
}

VERSIONS static void max_pool_backward_range(const void *arguments, int64_t first, int64_t last, int member) {
    (void)member;
    const struct pooling_arguments *a = arguments;
    const struct kernel_pooling *s = &a->shape;
    bool pairs = s->kernel == 2 && s->stride == 2 && s->padding == 0 && s->lanes == lane_count
                 && s->input_height == 2 * s->output_height && s->input_width == 2 * s->output_width;
    for (int64_t plane = first; plane < last; plane++) {
        if (pairs) {
            route_pairs(a, s, plane);
        } else {
            scatter(a, s, plane);
        }
    }
}

void kernel_max_pool_backward(
    const struct kernel_pooling *shape, const float *output_gradient, const float *output, const uint8_t *argmax,
    float *input_gradient, int threads) {
    struct pooling_arguments arguments = {
        .shape = *shape, .output_gradient = output_gradient, .output = output, .result = input_gradient,
        .argmax_before = argmax};
    run_in_team(max_pool_backward_range, &arguments, shape->planes, threads);
}

/// Visits each window of the planes; forward it gathers the mean, backward it spreads the gradient.
INLINE void average_planes(const struct pooling_arguments *a, int64_t first, int64_t last, bool forward) {
    const struct kernel_pooling *s = &a->shape;
    float share = 1.0f / (float)(s->kernel * s->kernel);
    int64_t size = s->input_height * s->input_width * s->lanes;
    if (!forward) memset(a->result + first * size, 0, (size_t)((last - first) * size) * sizeof *a->result);
    for (int64_t plane = first; plane < last; plane++) {
        int64_t pixel = plane * s->output_height * s->output_width * s->lanes;
        for (int64_t y = 0; y < s->output_height; y++) {
            int64_t top = y * s->stride - s->padding;
            struct extent rows = clip(top, s->kernel, s->input_height);
            for (int64_t x = 0; x < s->output_width; x++, pixel += s->lanes) {
                int64_t left = x * s->stride - s->padding;
                struct extent columns = clip(left, s->kernel, s->input_width);
                if (forward) memset(a->result + pixel, 0, (size_t)s->lanes * sizeof *a->result);
                for (int64_t row = top + rows.first; row < top + rows.last; row++) {
                    for (int64_t column = left + columns.first; column < left + columns.last; column++) {
                        int64_t place = plane * size + (row * s->input_width + column) * s->lanes;
                        const float *from = forward ? a->input + place : a->output_gradient + pixel;
                        float *to = forward ? a->result + pixel : a->result + place;
                        for (int64_t lane = 0; lane < s->lanes; lane++) to[lane] += from[lane] * share;
                    }
                }
            }
        }
    }
}

VERSIONS static void average_pool_range(const void *arguments, int64_t first, int64_t last, int member) {
    (void)member;
    average_planes(arguments, first, last, true);
}

VERSIONS static void average_pool_backward_range(const void *arguments, int64_t first, int64_t last, int member) {
    (void)member;
    average_planes(arguments, first, last, false);
}

void kernel_average_pool(const struct kernel_pooling *shape, const float *input, float *output, int threads) {
    struct pooling_arguments arguments = {.shape = *shape, .input = input, .result = output};
    run_in_team(average_pool_range, &arguments, shape->planes, threads);
}

void kernel_average_pool_backward(
    const struct kernel_pooling *shape, const float *output_gradient, float *input_gradient, int threads) {
    struct pooling_arguments arguments = {
        .shape = *shape, .output_gradient = output_gradient, .result = input_gradient};
    run_in_team(average_pool_backward_range, &arguments, shape->planes, threads);
}
