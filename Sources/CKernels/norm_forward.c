#include <math.h>

#include "norm.h"

struct apply_arguments {
    struct kernel_norm shape;
    struct kernel_term first, second;
    bool rectified;
    float *output, *scratch;
    uint16_t *relu_mask;
};

int64_t kernel_norm_coefficients(const struct kernel_norm *shape) { return 4 * coefficient_count(shape); }
int64_t kernel_norm_scratch(const struct kernel_norm *shape) {
    return 2 * shape->images.batch * shape->images.channels;
}

/// Mean and sum of squared distances from it, of each channel of one image.
INLINE void measure_group(const struct apply_arguments *a, const struct channel_group *g, bool whole) {
    enum { ways = 4 };
    const struct kernel_images *s = &a->shape.images;
    const float *p = a->first.values + g->offset;
    floats origin, sums[ways] = {0}, squares[ways] = {0};
    load_pixel(&origin, p, g, whole);
    int64_t pixel = 0;
    for (; pixel + ways <= s->pixels; pixel += ways) {
#pragma clang loop unroll(full)
        for (int way = 0; way < ways; way++, p += g->pixel_stride) {
            floats x;
            load_pixel(&x, p, g, whole);
            x -= origin;
            sums[way] += x;
            squares[way] += x * x;
        }
    }
    for (; pixel < s->pixels; pixel++, p += g->pixel_stride) {
        floats x;
        load_pixel(&x, p, g, whole);
        x -= origin;
        sums[0] += x;
        squares[0] += x * x;
    }
    floats sum = (sums[0] + sums[1]) + (sums[2] + sums[3]);
    floats square = (squares[0] + squares[1]) + (squares[2] + squares[3]);
    floats mean = sum / (float)s->pixels, spread = square - sum * mean;
    mean += origin;
    float *place = a->scratch + g->image * s->channels + g->first_channel;
    store_channels(place, &mean, g);
    store_channels(place + s->batch * s->channels, &spread, g);
}

VERSIONS static void measure_range(const void *arguments, int64_t first, int64_t last, int member) {
    (void)member;
    const struct apply_arguments *a = arguments;
    for (int64_t index = first; index < last; index++) {
        struct channel_group g = group_at(&a->shape.images, index);
        if (is_whole(&g)) measure_group(a, &g, true);
        else measure_group(a, &g, false);
    }
}

/// Sets a channel's coefficients from the mean and variance it is normalised by.
static void set_coefficients(
    const struct kernel_norm *s, float *coefficients, int64_t place, double mean, double variance, float scale,
    float shift) {
    int64_t count = coefficient_count(s);
    double deviation = 1 / sqrt(variance + (double)s->epsilon);
    coefficients[place] = (float)(scale * deviation);
    coefficients[count + place] = (float)(shift - mean * scale * deviation);
    coefficients[2 * count + place] = (float)mean;
    coefficients[3 * count + place] = (float)deviation;
}

/// Puts equally many numbers of `count` channels, one every `stride`, together: the mean and the mean squared distance
/// from it.
static void pool(
    const float *means, const float *spreads, int64_t count, int64_t stride, int64_t pixels, double *mean,
    double *variance) {
    double sum = 0, spread = 0;
    for (int64_t i = 0; i < count; i++) sum += (double)means[i * stride];
    *mean = sum / (double)count;
    for (int64_t i = 0; i < count; i++) {
        double distance = (double)means[i * stride] - *mean;
        spread += (double)spreads[i * stride] + distance * distance * (double)pixels;
    }
    *variance = spread > 0 || spread != spread ? spread / (double)(count * pixels) : 0;
}

void kernel_norm_measure(
    const struct kernel_norm *shape, const float *input, const float *scale, const float *shift, float *coefficients,
    float *mean, float *variance, float *scratch, int threads) {
    const struct kernel_images *s = &shape->images;
    struct apply_arguments arguments = {.shape = *shape, .first = {.values = input}, .scratch = scratch};
    run_in_team(measure_range, &arguments, s->batch * groups_of(s), threads);
    const float *means = scratch, *spreads = scratch + s->batch * s->channels;
    double m, v;
    if (shape->groups > 0) {
        int64_t members = s->channels / shape->groups;
        for (int64_t group = 0; group < s->batch * shape->groups; group++) {
            int64_t start = group * members;
            pool(means + start, spreads + start, members, 1, s->pixels, &m, &v);
            for (int64_t i = start; i < start + members; i++) {
                set_coefficients(shape, coefficients, i, m, v, scale[i % s->channels], shift[i % s->channels]);
            }
        }
        return;
    }
    double count = (double)(s->batch * s->pixels);
    for (int64_t channel = 0; channel < s->channels; channel++) {
        pool(means + channel, spreads + channel, s->batch, s->channels, s->pixels, &m, &v);
        set_coefficients(shape, coefficients, channel, m, v, scale[channel], shift[channel]);
        if (mean) mean[channel] = (float)m;
        if (variance) variance[channel] = (float)(count > 1 ? v * count / (count - 1) : v);
    }
}

void kernel_norm_moments(
    const struct kernel_norm *shape, const float *input, float *moments, float *scratch, int threads) {
    const struct kernel_images *s = &shape->images;
    struct apply_arguments arguments = {.shape = *shape, .first = {.values = input}, .scratch = scratch};
    run_in_team(measure_range, &arguments, s->batch * groups_of(s), threads);
    const float *means = scratch, *spreads = scratch + s->batch * s->channels;
    double mean, variance;
    for (int64_t channel = 0; channel < s->channels; channel++) {
        pool(means + channel, spreads + channel, s->batch, s->channels, s->pixels, &mean, &variance);
        moments[channel] = (float)mean;
        moments[s->channels + channel] = (float)(variance * (double)(s->batch * s->pixels));
    }
}

void kernel_norm_join(
    const struct kernel_norm *shape, int64_t parts, const int64_t *images, const float *moments, const float *scale,
    const float *shift, float *coefficients, float *mean, float *variance) {
    const struct kernel_images *s = &shape->images;
    double count = 0;
    for (int64_t part = 0; part < parts; part++) count += (double)(images[part] * s->pixels);
    for (int64_t channel = 0; channel < s->channels; channel++) {
        double m = 0, spread = 0;
        for (int64_t part = 0; part < parts; part++) {
            double weight = (double)(images[part] * s->pixels);
            m += weight * (double)moments[2 * part * s->channels + channel];
        }
        m /= count;
        for (int64_t part = 0; part < parts; part++) {
            const float *own = moments + 2 * part * s->channels + channel;
            double weight = (double)(images[part] * s->pixels), distance = (double)own[0] - m;
            spread += (double)own[s->channels] + weight * distance * distance;
        }
        set_coefficients(shape, coefficients, channel, m, spread / count, scale[channel], shift[channel]);
        mean[channel] = (float)m;
        variance[channel] = (float)(spread / (count > 1 ? count - 1 : 1));
    }
}

void kernel_norm_given(
    const struct kernel_norm *shape, const float *scale, const float *shift, const float *mean, const float *variance,
    float *coefficients) {
    for (int64_t i = 0; i < shape->images.channels; i++) {
        set_coefficients(
            shape, coefficients, i, (double)mean[i], (double)variance[i], scale[i], shift[i]);
    }
}

/// The factor and summand of a term; 1 and 0 without coefficients.
INLINE void load_coefficients(
    const struct kernel_norm *s, const struct kernel_term *term, const struct channel_group *g, floats *factor,
    floats *summand) {
    *factor = (floats){0} + 1;
    *summand = (floats){0};
    if (term->coefficients) {
        const float *start = term->coefficients + coefficient_start(s, g);
        load_channels(factor, start, g);
        load_channels(summand, start + coefficient_count(s), g);
    }
}

INLINE void apply_group(
    const struct apply_arguments *a, const struct channel_group *g, int64_t index, bool whole, bool has_second,
    bool rectified) {
    const struct kernel_images *s = &a->shape.images;
    floats factor, summand, second_factor, second_summand;
    load_coefficients(&a->shape, &a->first, g, &factor, &summand);
    load_coefficients(&a->shape, &a->second, g, &second_factor, &second_summand);
    summand += second_summand;
    uint16_t *relu_mask = a->relu_mask ? a->relu_mask + index * s->pixels : NULL;
    for (int64_t pixel = 0; pixel < s->pixels; pixel++) {
        int64_t place = g->offset + pixel * g->pixel_stride;
        floats x;
        load_pixel(&x, a->first.values + place, g, whole);
        floats y = x * factor + summand;
        if (has_second) {
            load_pixel(&x, a->second.values + place, g, whole);
            y += x * second_factor;
        }
        if (rectified) {
            // Written so that a NaN stays one.
            words positive = ~(y <= (floats){0});
            y = (floats)((words)y & positive);
            if (relu_mask) relu_mask[pixel] = pack(&positive);
        }
        store_pixel(a->output + place, &y, g, whole);
    }
}

VERSIONS static void apply_range(const void *arguments, int64_t first, int64_t last, int member) {
    (void)member;
    const struct apply_arguments *a = arguments;
    for (int64_t index = first; index < last; index++) {
        struct channel_group g = group_at(&a->shape.images, index);
        if (!is_whole(&g)) apply_group(a, &g, index, false, a->second.values != NULL, a->rectified);
        else if (a->second.values && a->rectified) apply_group(a, &g, index, true, true, true);
        else if (a->second.values) apply_group(a, &g, index, true, true, false);
        else if (a->rectified) apply_group(a, &g, index, true, false, true);
        else apply_group(a, &g, index, true, false, false);
    }
}

void kernel_norm_apply(
    const struct kernel_norm *shape, struct kernel_term first, struct kernel_term second, bool rectified,
    float *output, uint16_t *relu_mask, int threads) {
    struct apply_arguments arguments = {
        .shape = *shape, .first = first, .second = second, .rectified = rectified, .output = output,
        .relu_mask = relu_mask};
    run_in_team(apply_range, &arguments, shape->images.batch * groups_of(&shape->images), threads);
}
