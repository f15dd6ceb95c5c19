#include "images.h"

struct average_arguments {
    struct kernel_images shape;
    const float *input;
    float *result;
};

INLINE void average_group(const struct average_arguments *a, const struct channel_group *g, bool whole) {
    floats sum = {0}, x;
    for (int64_t pixel = 0; pixel < a->shape.pixels; pixel++) {
        load_pixel(&x, a->input + g->offset + pixel * g->pixel_stride, g, whole);
        sum += x;
    }
    sum /= (float)a->shape.pixels;
    store_channels(a->result + g->image * a->shape.channels + g->first_channel, &sum, g);
}

VERSIONS static void average_range(const void *arguments, int64_t first, int64_t last, int member) {
    (void)member;
    const struct average_arguments *a = arguments;
    for (int64_t index = first; index < last; index++) {
        struct channel_group g = group_at(&a->shape, index);
        if (is_whole(&g)) average_group(a, &g, true);
        else average_group(a, &g, false);
    }
}

void kernel_global_average(const struct kernel_images *shape, const float *input, float *means, int threads) {
    struct average_arguments arguments = {.shape = *shape, .input = input, .result = means};
    run_in_team(average_range, &arguments, shape->batch * groups_of(shape), threads);
}

INLINE void spread_group(const struct average_arguments *a, const struct channel_group *g, bool whole) {
    floats share;
    load_channels(&share, a->input + g->image * a->shape.channels + g->first_channel, g);
    share /= (float)a->shape.pixels;
    for (int64_t pixel = 0; pixel < a->shape.pixels; pixel++) {
        store_pixel(a->result + g->offset + pixel * g->pixel_stride, &share, g, whole);
    }
}

VERSIONS static void spread_range(const void *arguments, int64_t first, int64_t last, int member) {
    (void)member;
    const struct average_arguments *a = arguments;
    for (int64_t index = first; index < last; index++) {
        struct channel_group g = group_at(&a->shape, index);
        if (is_whole(&g)) spread_group(a, &g, true);
        else spread_group(a, &g, false);
    }
}

void kernel_global_average_backward(
    const struct kernel_images *shape, const float *means_gradient, float *input_gradient, int threads) {
    struct average_arguments arguments = {.shape = *shape, .input = means_gradient, .result = input_gradient};
    run_in_team(spread_range, &arguments, shape->batch * groups_of(shape), threads);
}
