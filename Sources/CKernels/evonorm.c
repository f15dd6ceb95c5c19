#include "norm.h"

struct evonorm_arguments {
    struct kernel_norm shape;
    const float *input, *gradient, *scale, *shift, *curve, *coefficients, *slopes;
    float *result;
};

INLINE void choose(floats *v, const words *mask, float number) {
    floats other = (floats){0} + number;
    *v = (floats)(((words)*v & ~*mask) | ((words)other & *mask));
}

/// e to the power of v, to 2 units in the last place; 0 and infinity come out as 1e-38 and 2e38, a NaN stays one.
INLINE void exponentiate(floats *v) {
    words low = *v < (floats){0} - 87, high = *v > (floats){0} + 88;
    choose(v, &low, -87);
    choose(v, &high, 88);
    // Adding 1.5 * 2^23 rounds to a whole number.
    const float rounder = 12582912;
    floats power = (*v * 1.44269504f + rounder) - rounder;
    // ln 2 in two parts, the first of so few bits that its product is exact.
    floats x = *v - power * 0.693359375f + power * 2.12194440e-4f;
    floats sum = (floats){0} + 1.9875691500e-4f;
    sum = sum * x + 1.3981999507e-3f;
    sum = sum * x + 8.3334519073e-3f;
    sum = sum * x + 4.1665795894e-2f;
    sum = sum * x + 1.6666665459e-1f;
    sum = sum * x + 5.0000001201e-1f;
    sum = sum * x * x + x + 1;
    words exponent = (__builtin_convertvector(power, words) + 127) << 23;
    *v = sum * (floats)exponent;
}

/// sigmoid(curve * x)
INLINE void find_gate(floats *gate, const floats *x, const floats *curve) {
    floats e = -(*curve * *x);
    exponentiate(&e);
    *gate = 1 / (1 + e);
}

/// What the channels are multiplied by: the factors of the norm, or without a curve the scale.
INLINE void load_factor(floats *v, const struct evonorm_arguments *a, const struct channel_group *g, bool curved) {
    load_channels(
        v, curved ? a->coefficients + coefficient_start(&a->shape, g) : a->scale + g->first_channel, g);
}

INLINE void apply_group(const struct evonorm_arguments *a, const struct channel_group *g, bool whole, bool curved) {
    floats factor, shift, curve = {0};
    load_factor(&factor, a, g, curved);
    load_channels(&shift, a->shift + g->first_channel, g);
    if (curved) load_channels(&curve, a->curve + g->first_channel, g);
    for (int64_t pixel = 0; pixel < a->shape.images.pixels; pixel++) {
        int64_t place = g->offset + pixel * g->pixel_stride;
        floats x, gate;
        load_pixel(&x, a->input + place, g, whole);
        floats y = x * factor;
        if (curved) {
            find_gate(&gate, &x, &curve);
            y *= gate;
        }
        y += shift;
        store_pixel(a->result + place, &y, g, whole);
    }
}

VERSIONS static void apply_range(const void *arguments, int64_t first, int64_t last, int member) {
    (void)member;
    const struct evonorm_arguments *a = arguments;
    for (int64_t index = first; index < last; index++) {
        struct channel_group g = group_at(&a->shape.images, index);
        bool whole = is_whole(&g);
        if (whole && a->curve) apply_group(a, &g, true, true);
        else if (whole) apply_group(a, &g, true, false);
        else if (a->curve) apply_group(a, &g, false, true);
        else apply_group(a, &g, false, false);
    }
}

void kernel_evonorm(
    const struct kernel_norm *shape, const float *input, const float *scale, const float *shift, const float *curve,
    const float *coefficients, float *output, int threads) {
    struct evonorm_arguments arguments = {
        .shape = *shape, .input = input, .scale = scale, .shift = shift, .curve = curve,
        .coefficients = coefficients, .result = output};
    run_in_team(apply_range, &arguments, shape->images.batch * groups_of(&shape->images), threads);
}

/// Sums over one image of a channel's gradients, of their products with what the factor multiplies, and of those with
/// its derivative by the curve.
INLINE void measure_group(const struct evonorm_arguments *a, const struct channel_group *g, bool whole, bool curved) {
    const struct kernel_images *s = &a->shape.images;
    floats curve = {0}, sums = {0}, products = {0}, bends = {0};
    if (curved) load_channels(&curve, a->curve + g->first_channel, g);
    for (int64_t pixel = 0; pixel < s->pixels; pixel++) {
        int64_t place = g->offset + pixel * g->pixel_stride;
        floats x, gradient, gate;
        load_pixel(&x, a->input + place, g, whole);
        load_pixel(&gradient, a->gradient + place, g, whole);
        sums += gradient;
        gradient *= x;
        if (curved) {
            find_gate(&gate, &x, &curve);
            gradient *= gate;
            bends += gradient * x * (1 - gate);
        }
        products += gradient;
    }
    int64_t stride = s->batch * s->channels;
    float *place = a->result + g->image * s->channels + g->first_channel;
    store_channels(place, &sums, g);
    store_channels(place + stride, &products, g);
    store_channels(place + 2 * stride, &bends, g);
}

VERSIONS static void measure_range(const void *arguments, int64_t first, int64_t last, int member) {
    (void)member;
    const struct evonorm_arguments *a = arguments;
    for (int64_t index = first; index < last; index++) {
        struct channel_group g = group_at(&a->shape.images, index);
        bool whole = is_whole(&g);
        if (whole && a->curve) measure_group(a, &g, true, true);
        else if (whole) measure_group(a, &g, true, false);
        else if (a->curve) measure_group(a, &g, false, true);
        else measure_group(a, &g, false, false);
    }
}

INLINE void backward_group(const struct evonorm_arguments *a, const struct channel_group *g, bool whole, bool curved) {
    floats factor, mean = {0}, slope = {0}, curve = {0};
    load_factor(&factor, a, g, curved);
    if (curved) {
        int64_t start = coefficient_start(&a->shape, g);
        load_channels(&mean, a->coefficients + 2 * coefficient_count(&a->shape) + start, g);
        load_channels(&slope, a->slopes + start, g);
        load_channels(&curve, a->curve + g->first_channel, g);
    }
    for (int64_t pixel = 0; pixel < a->shape.images.pixels; pixel++) {
        int64_t place = g->offset + pixel * g->pixel_stride;
        floats x, result, gate;
        load_pixel(&result, a->gradient + place, g, whole);
        result *= factor;
        if (curved) {
            load_pixel(&x, a->input + place, g, whole);
            find_gate(&gate, &x, &curve);
            result = result * gate * (1 + curve * x * (1 - gate)) - (x - mean) * slope;
        }
        store_pixel(a->result + place, &result, g, whole);
    }
}

VERSIONS static void backward_range(const void *arguments, int64_t first, int64_t last, int member) {
    (void)member;
    const struct evonorm_arguments *a = arguments;
    for (int64_t index = first; index < last; index++) {
        struct channel_group g = group_at(&a->shape.images, index);
        bool whole = is_whole(&g);
        if (whole && a->curve) backward_group(a, &g, true, true);
        else if (whole) backward_group(a, &g, true, false);
        else if (a->curve) backward_group(a, &g, false, true);
        else backward_group(a, &g, false, false);
    }
}

/// The gradients of scale, shift and curve from the sums over each image.
static void sum_images(
    const struct kernel_norm *shape, const float *scratch, const float *scale, const float *deviations,
    float *scale_gradient, float *shift_gradient, float *curve_gradient) {
    const struct kernel_images *s = &shape->images;
    int64_t stride = s->batch * s->channels;
    for (int64_t channel = 0; channel < s->channels; channel++) {
        double total = 0, product = 0, bend = 0;
        for (int64_t i = channel; i < stride; i += s->channels) {
            double deviation = deviations ? (double)deviations[i] : 1;
            total += (double)scratch[i];
            product += (double)scratch[stride + i] * deviation;
            bend += (double)scratch[2 * stride + i] * deviation;
        }
        shift_gradient[channel] = (float)total;
        scale_gradient[channel] = (float)product;
        if (curve_gradient) curve_gradient[channel] = (float)(bend * (double)scale[channel]);
    }
}

/// By how much the gradient of a number falls with its distance from the mean, since its group's deviation grows.
static void find_slopes(
    const struct kernel_norm *shape, const float *products, const float *scale, const float *deviations,
    float *slopes) {
    const struct kernel_images *s = &shape->images;
    int64_t members = s->channels / shape->groups;
    for (int64_t start = 0; start < s->batch * s->channels; start += members) {
        double product = 0, deviation = (double)deviations[start];
        for (int64_t i = start; i < start + members; i++) {
            product += (double)products[i] * (double)scale[i % s->channels];
        }
        double slope = deviation * deviation * deviation * product / (double)(members * s->pixels);
        for (int64_t i = start; i < start + members; i++) slopes[i] = (float)slope;
    }
}

int64_t kernel_evonorm_scratch(const struct kernel_norm *shape) {
    return 3 * shape->images.batch * shape->images.channels;
}

void kernel_evonorm_backward(
    const struct kernel_norm *shape, const float *input, const float *gradient, const float *scale, const float *curve,
    const float *coefficients, float *scale_gradient, float *shift_gradient, float *curve_gradient,
    float *input_gradient, float *scratch, int threads) {
    const struct kernel_images *s = &shape->images;
    struct evonorm_arguments arguments = {
        .shape = *shape, .input = input, .gradient = gradient, .scale = scale, .curve = curve,
        .coefficients = coefficients, .slopes = scratch, .result = scratch};
    int64_t count = s->batch * groups_of(s);
    run_in_team(measure_range, &arguments, count, threads);
    // The reciprocal deviations are the last of the norm's coefficients.
    const float *deviations = curve ? coefficients + 3 * coefficient_count(shape) : NULL;
    sum_images(shape, scratch, scale, deviations, scale_gradient, shift_gradient, curve_gradient);
    if (!input_gradient) return;
    if (curve) find_slopes(shape, scratch + s->batch * s->channels, scale, deviations, scratch);
    arguments.result = input_gradient;
    run_in_team(backward_range, &arguments, count, threads);
}
