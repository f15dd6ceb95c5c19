#include "norm.h"

struct backward_arguments {
    struct kernel_norm shape;
    struct kernel_branch_gradient gradient;
    const float *input, *coefficients;  // in the second pass the slopes
    float *result, *scratch;
};

/// The gradient at one pixel, past the ReLU.
INLINE void load_gradient(
    floats *v, const struct kernel_branch_gradient *gradient, int64_t place, const uint16_t *relu_mask, int64_t pixel,
    const struct channel_group *g, bool whole, bool has_second) {
    load_pixel(v, gradient->first + place, g, whole);
    if (has_second) {
        floats other;
        load_pixel(&other, gradient->second + place, g, whole);
        *v += other;
    }
    if (relu_mask) {
        words open;
        unpack(&open, relu_mask[pixel]);
        *v = (floats)((words)*v & open);
    }
}

INLINE const uint16_t *mask_of(const struct backward_arguments *a, int64_t index) {
    return a->gradient.relu_mask ? a->gradient.relu_mask + index * a->shape.images.pixels : NULL;
}

INLINE void sum_group(
    const struct backward_arguments *a, const struct channel_group *g, int64_t index, bool whole, bool has_second) {
    const uint16_t *relu_mask = mask_of(a, index);
    for (int64_t pixel = 0; pixel < a->shape.images.pixels; pixel++) {
        int64_t place = g->offset + pixel * g->pixel_stride;
        floats v;
        load_gradient(&v, &a->gradient, place, relu_mask, pixel, g, whole, has_second);
        store_pixel(a->result + place, &v, g, whole);
    }
}

VERSIONS static void sum_range(const void *arguments, int64_t first, int64_t last, int member) {
    (void)member;
    const struct backward_arguments *a = arguments;
    for (int64_t index = first; index < last; index++) {
        struct channel_group g = group_at(&a->shape.images, index);
        if (is_whole(&g)) sum_group(a, &g, index, true, a->gradient.second != NULL);
        else sum_group(a, &g, index, false, a->gradient.second != NULL);
    }
}

void kernel_branch_gradient_sum(
    const struct kernel_images *shape, struct kernel_branch_gradient gradient, float *sum, int threads) {
    struct backward_arguments arguments = {.shape = {.images = *shape}, .gradient = gradient, .result = sum};
    run_in_team(sum_range, &arguments, shape->batch * groups_of(shape), threads);
}

/// The sums over one image of a channel's gradients and of their products with the distances from the mean.
INLINE void measure_group(
    const struct backward_arguments *a, const struct channel_group *g, int64_t index, bool whole, bool has_second,
    bool stores) {
    enum { ways = 2 };
    const struct kernel_images *s = &a->shape.images;
    const uint16_t *relu_mask = mask_of(a, index);
    floats mean, sums[ways] = {0}, products[ways] = {0};
    load_channels(&mean, a->coefficients + 2 * coefficient_count(&a->shape) + coefficient_start(&a->shape, g), g);
    for (int64_t pixel = 0; pixel < s->pixels; pixel += ways) {
#pragma clang loop unroll(full)
        for (int way = 0; way < ways; way++) {
            if (pixel + way >= s->pixels) break;
            int64_t place = g->offset + (pixel + way) * g->pixel_stride;
            floats gradient, x;
            load_gradient(&gradient, &a->gradient, place, relu_mask, pixel + way, g, whole, has_second);
            load_pixel(&x, a->input + place, g, whole);
            sums[way] += gradient;
            products[way] += gradient * (x - mean);
            if (stores) store_pixel(a->result + place, &gradient, g, whole);
        }
    }
    floats sum = sums[0] + sums[1], product = products[0] + products[1];
    float *place = a->scratch + g->image * s->channels + g->first_channel;
    store_channels(place, &sum, g);
    store_channels(place + s->batch * s->channels, &product, g);
}

VERSIONS static void measure_range(const void *arguments, int64_t first, int64_t last, int member) {
    (void)member;
    const struct backward_arguments *a = arguments;
    bool has_second = a->gradient.second, stores = a->result;
    for (int64_t index = first; index < last; index++) {
        struct channel_group g = group_at(&a->shape.images, index);
        if (!is_whole(&g)) measure_group(a, &g, index, false, has_second, stores);
        else if (has_second && stores) measure_group(a, &g, index, true, true, true);
        else if (stores) measure_group(a, &g, index, true, false, true);
        else measure_group(a, &g, index, true, has_second, false);
    }
}

/// Sets the slopes of one channel from the sums over all numbers that share its mean.
static void set_slopes(
    const struct kernel_norm *s, float *slopes, const float *coefficients, int64_t place, float scale, double sum,
    double product, double count) {
    int64_t stride = coefficient_count(s);
    double deviation = (double)coefficients[3 * stride + place];
    slopes[place] = (float)(scale * deviation);
    slopes[stride + place] = (float)(-deviation * deviation * deviation * product / count);
    slopes[2 * stride + place] = coefficients[2 * stride + place];
    slopes[3 * stride + place] = (float)(-deviation * sum / count);
}

void kernel_norm_measure_backward(
    const struct kernel_norm *shape, struct kernel_branch_gradient gradient, const float *input, const float *scale,
    const float *coefficients, float *scale_gradient, float *shift_gradient, float *slopes, float *sum, float *scratch,
    int threads) {
    const struct kernel_images *s = &shape->images;
    struct backward_arguments arguments = {
        .shape = *shape, .gradient = gradient, .input = input, .coefficients = coefficients, .result = sum,
        .scratch = scratch};
    run_in_team(measure_range, &arguments, s->batch * groups_of(s), threads);
    const float *sums = scratch, *products = scratch + s->batch * s->channels;
    const float *deviations = coefficients + 3 * coefficient_count(shape);
    double count = (double)(s->pixels * (shape->groups > 0 ? s->channels / shape->groups : s->batch));
    for (int64_t channel = 0; channel < s->channels; channel++) {
        double total = 0, product = 0, scaled = 0;
        for (int64_t i = channel; i < s->batch * s->channels; i += s->channels) {
            total += (double)sums[i];
            product += (double)products[i];
            scaled += (double)products[i] * (double)deviations[shape->groups > 0 ? i : channel];
        }
        scale_gradient[channel] = (float)scaled;
        shift_gradient[channel] = (float)total;
        if (shape->groups > 0) continue;
        double factor = (double)scale[channel];
        set_slopes(shape, slopes, coefficients, channel, scale[channel], factor * total, factor * product, count);
    }
    if (shape->groups == 0) return;
    int64_t members = s->channels / shape->groups;
    for (int64_t start = 0; start < s->batch * s->channels; start += members) {
        double total = 0, product = 0;
        for (int64_t i = start; i < start + members; i++) {
            total += (double)scale[i % s->channels] * (double)sums[i];
            product += (double)scale[i % s->channels] * (double)products[i];
        }
        for (int64_t i = start; i < start + members; i++) {
            set_slopes(shape, slopes, coefficients, i, scale[i % s->channels], total, product, count);
        }
    }
}

void kernel_norm_sum_backward(
    const struct kernel_norm *shape, struct kernel_branch_gradient gradient, const float *input,
    const float *coefficients, float *scale_gradient, float *shift_gradient, float *sums, float *sum, float *scratch,
    int threads) {
    const struct kernel_images *s = &shape->images;
    struct backward_arguments arguments = {
        .shape = *shape, .gradient = gradient, .input = input, .coefficients = coefficients, .result = sum,
        .scratch = scratch};
    run_in_team(measure_range, &arguments, s->batch * groups_of(s), threads);
    const float *products = scratch + s->batch * s->channels;
    const float *deviations = coefficients + 3 * coefficient_count(shape);
    for (int64_t channel = 0; channel < s->channels; channel++) {
        double total = 0, product = 0;
        for (int64_t i = channel; i < s->batch * s->channels; i += s->channels) {
            total += (double)scratch[i];
            product += (double)products[i];
        }
        scale_gradient[channel] = (float)(product * (double)deviations[channel]);
        shift_gradient[channel] = (float)total;
        sums[channel] = (float)total;
        sums[s->channels + channel] = (float)product;
    }
}

void kernel_norm_slopes(
    const struct kernel_norm *shape, int64_t images, const float *sums, const float *scale, const float *coefficients,
    float *slopes) {
    const struct kernel_images *s = &shape->images;
    double count = (double)(images * s->pixels);
    for (int64_t channel = 0; channel < s->channels; channel++) {
        double factor = (double)scale[channel];
        set_slopes(
            shape, slopes, coefficients, channel, scale[channel], factor * (double)sums[channel],
            factor * (double)sums[s->channels + channel], count);
    }
}

INLINE void backward_group(
    const struct backward_arguments *a, const struct channel_group *g, int64_t index, bool whole, bool has_second) {
    const float *slopes = a->coefficients + coefficient_start(&a->shape, g);
    int64_t stride = coefficient_count(&a->shape);
    const uint16_t *relu_mask = mask_of(a, index);
    floats factor, slope, mean, summand;
    load_channels(&factor, slopes, g);
    load_channels(&slope, slopes + stride, g);
    load_channels(&mean, slopes + 2 * stride, g);
    load_channels(&summand, slopes + 3 * stride, g);
    for (int64_t pixel = 0; pixel < a->shape.images.pixels; pixel++) {
        int64_t place = g->offset + pixel * g->pixel_stride;
        floats gradient, x;
        load_gradient(&gradient, &a->gradient, place, relu_mask, pixel, g, whole, has_second);
        load_pixel(&x, a->input + place, g, whole);
        floats result = gradient * factor + ((x - mean) * slope + summand);
        store_pixel(a->result + place, &result, g, whole);
    }
}

VERSIONS static void backward_range(const void *arguments, int64_t first, int64_t last, int member) {
    (void)member;
    const struct backward_arguments *a = arguments;
    bool has_second = a->gradient.second;
    for (int64_t index = first; index < last; index++) {
        struct channel_group g = group_at(&a->shape.images, index);
        if (!is_whole(&g)) backward_group(a, &g, index, false, has_second);
        else if (has_second) backward_group(a, &g, index, true, true);
        else backward_group(a, &g, index, true, false);
    }
}

void kernel_norm_backward(
    const struct kernel_norm *shape, struct kernel_branch_gradient gradient, const float *input, const float *slopes,
    float *input_gradient, int threads) {
    struct backward_arguments arguments = {
        .shape = *shape, .gradient = gradient, .input = input, .coefficients = slopes, .result = input_gradient};
    run_in_team(backward_range, &arguments, shape->images.batch * groups_of(&shape->images), threads);
}
