#include "max_pool_sparse.h"

// The gradient of the weights: for one output channel, every gradient that found its pixel multiplies the 3 x 3
// pixels around it. The products of 16 input channels add up in 9 vectors, which stay in registers, while the image
// of these channels stays in the first cache. (Measured on cnn, whole step: 32 channels at a time, whose image does
// not, 5 % slower.)

/// The scratch memory of one member of the team.
struct weights_scratch {
    float *image;          // one block of input channels with its padding
    float *sums;           // (output channel, block of input channels, tap, 16)
    struct entry *entries; // (output channel, pooled pixel)
    int32_t *counts;       // of each output channel's entries
};

INLINE int64_t image_floats(const struct kernel_max_pool_sparse *s) { return padded_pixels(s) * lane_count; }
INLINE int64_t sum_floats(const struct kernel_max_pool_sparse *s) {
    return s->output_channels * s->input_channels * taps;
}
INLINE int64_t entry_floats(const struct kernel_max_pool_sparse *s) {
    return 2 * s->output_channels * pooled_pixels(s);
}

static int64_t scratch_floats(const struct kernel_max_pool_sparse *s) {
    int64_t floats = image_floats(s) + sum_floats(s) + entry_floats(s) + s->output_channels;
    return (floats + lane_count - 1) / lane_count * lane_count;
}

int64_t kernel_max_pool_sparse_weights_scratch(const struct kernel_max_pool_sparse *shape, int threads) {
    return scratch_floats(shape) * threads;
}

/// Sorts one image's gradients by output channel, leaves out those that are 0, and adds them to the bias's gradient.
INLINE void collect(
    const struct sparse_arguments *a, const struct weights_scratch *m, int64_t image, int64_t block) {
    const struct kernel_max_pool_sparse *s = &a->shape;
    int64_t pixels = pooled_pixels(s), width = padded_width(s);
    int64_t start = (image * (s->output_channels / lane_count) + block) * pixels * lane_count;
    int32_t *counts = m->counts + block * lane_count;
    struct entry *entries = m->entries + block * lane_count * pixels;
    for (int lane = 0; lane < lane_count; lane++) counts[lane] = 0;
    floats bias = {0};
    for (int64_t y = 0, pixel = 0; y < s->pooled_height; y++) {
        for (int64_t x = 0; x < s->pooled_width; x++, pixel++) {
            int64_t place = start + pixel * lane_count;
            floats gradient;
            gradient_past_relu(a, place, &gradient);
            words index = __builtin_convertvector(*(const bytes *)(a->argmax + place), words);
            words offset = (int32_t)(2 * y * width + 2 * x) + (index >> 1) * (int32_t)width + (index & 1);
            offset *= lane_count;
            bias += gradient;
            for (int lane = 0; lane < lane_count; lane++) {
                entries[lane * pixels + counts[lane]] = (struct entry){gradient[lane], offset[lane]};
                counts[lane] += gradient[lane] != 0;
            }
        }
    }
    if (a->bias_gradient) *(floats *)(a->bias_gradient + block * lane_count) += bias;
}

/// Copies one block of input channels of an image into the middle of a zeroed frame.
INLINE void copy_padded(const struct sparse_arguments *a, float *frame, int64_t image, int64_t block) {
    const struct kernel_max_pool_sparse *s = &a->shape;
    int64_t row = s->input_width * lane_count;
    const float *source = a->input + (image * (s->input_channels / lane_count) + block) * s->input_height * row;
    for (int64_t y = 0; y < s->input_height; y++) {
        memcpy(
            frame + ((y + s->padding) * padded_width(s) + s->padding) * lane_count, source + y * row,
            (size_t)row * sizeof(float));
    }
}

/// Adds an image's products for one output channel and one block of input channels.
INLINE void add_products(
    const float *image, int64_t row, const struct entry *entries, int32_t count, float *sums) {
    floats acc[taps];
#pragma clang loop unroll(full)
    for (int tap = 0; tap < taps; tap++) acc[tap] = *(const floats *)(sums + tap * lane_count);
    for (int32_t e = 0; e < count; e++) {
        const float *corner = image + entries[e].offset;
        floats gradient = entries[e].gradient - (floats){0};
#pragma clang loop unroll(full)
        for (int tap = 0; tap < taps; tap++) {
            acc[tap] += gradient * *(const floats *)(corner + tap / 3 * row + tap % 3 * lane_count);
        }
    }
#pragma clang loop unroll(full)
    for (int tap = 0; tap < taps; tap++) *(floats *)(sums + tap * lane_count) = acc[tap];
}

/// Work items are blocks of output channels: each of their sums has one owner, whatever the team.
VERSIONS static void sparse_weights_range(const void *arguments, int64_t first, int64_t last, int member) {
    const struct sparse_arguments *a = arguments;
    const struct kernel_max_pool_sparse *s = &a->shape;
    float *base = a->scratch + member * a->scratch_per_member;
    struct weights_scratch m = {.image = base, .sums = base + image_floats(s)};
    m.entries = (struct entry *)(m.sums + sum_floats(s));
    m.counts = (int32_t *)(m.entries + s->output_channels * pooled_pixels(s));
    int64_t input_blocks = s->input_channels / lane_count, pixels = pooled_pixels(s);
    int64_t row = padded_width(s) * lane_count;
    memset(m.image, 0, (size_t)image_floats(s) * sizeof(float));
    memset(m.sums, 0, (size_t)sum_floats(s) * sizeof(float));
    if (a->bias_gradient) {
        memset(a->bias_gradient + first * lane_count, 0, (size_t)((last - first) * lane_count) * sizeof(float));
    }
    for (int64_t image = 0; image < s->batch; image++) {
        for (int64_t block = first; block < last; block++) collect(a, &m, image, block);
        for (int64_t input = 0; input < input_blocks; input++) {
            copy_padded(a, m.image, image, input);
            for (int64_t channel = first * lane_count; channel < last * lane_count; channel++) {
                add_products(
                    m.image, row, m.entries + channel * pixels, m.counts[channel],
                    m.sums + (channel * input_blocks + input) * taps * lane_count);
            }
        }
    }
    for (int64_t channel = first * lane_count; channel < last * lane_count; channel++) {
        for (int64_t i = 0; i < s->input_channels; i++) {
            const float *sums = m.sums + (channel * input_blocks + i / lane_count) * taps * lane_count + i % lane_count;
            for (int tap = 0; tap < taps; tap++) {
                a->result[(channel * s->input_channels + i) * taps + tap] = sums[tap * lane_count];
            }
        }
    }
}

void kernel_max_pool_sparse_weights(
    const struct kernel_max_pool_sparse *shape, const float *input, const float *pooled_gradient, const float *pooled,
    const uint8_t *argmax, float *weights_gradient, float *bias_gradient, float *scratch, int threads) {
    struct sparse_arguments arguments = {
        .shape = *shape, .input = input, .pooled_gradient = pooled_gradient, .pooled = pooled, .argmax = argmax,
        .result = weights_gradient, .bias_gradient = bias_gradient, .scratch = scratch,
        .scratch_per_member = scratch_floats(shape)};
    run_in_team(sparse_weights_range, &arguments, shape->output_channels / lane_count, threads);
}
