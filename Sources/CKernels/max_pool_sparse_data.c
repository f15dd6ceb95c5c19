#include "max_pool_sparse.h"

// The gradient of the input: the four pixels below one pooled pixel touch 4 x 4 input pixels, whose gradients, for 16
// input channels, add up in 16 vectors that stay in registers. The output channels are sorted by which of the four they
// chose, so that each vector's place is known to the compiler; they are taken 16 at a time, so that their weights stay
// in the first cache.

enum { choices = 4 };

/// The scratch memory of one member of the team.
struct data_scratch {
    float *frame;          // the gradient of one block of input channels with its padding
    struct entry *entries; // (block of output channels, pooled pixel, up to 16 sorted by choice)
    int32_t *ends;         // (block, pooled pixel, choice): where the choice's entries end
};

INLINE int64_t output_blocks(const struct kernel_max_pool_sparse *s) { return s->output_channels / lane_count; }
INLINE int64_t frame_floats(const struct kernel_max_pool_sparse *s) { return padded_pixels(s) * lane_count; }
INLINE int64_t weight_floats(const struct kernel_max_pool_sparse *s) {
    return s->output_channels * s->input_channels * taps;
}

static int64_t scratch_floats(const struct kernel_max_pool_sparse *s) {
    int64_t cells = output_blocks(s) * pooled_pixels(s);
    int64_t floats = frame_floats(s) + cells * (2 * lane_count + choices);
    return (floats + lane_count - 1) / lane_count * lane_count;
}

int64_t kernel_max_pool_sparse_data_scratch(const struct kernel_max_pool_sparse *shape, int threads) {
    return weight_floats(shape) + scratch_floats(shape) * threads;
}

/// Sorts one image's gradients by block of output channels, pixel and choice, and leaves out those that are 0.
INLINE void sort_by_choice(const struct sparse_arguments *a, const struct data_scratch *m, int64_t image) {
    const struct kernel_max_pool_sparse *s = &a->shape;
    int64_t cells = output_blocks(s) * pooled_pixels(s);
    for (int64_t cell = 0; cell < cells; cell++) {
        int64_t place = (image * cells + cell) * lane_count;
        floats gradient;
        gradient_past_relu(a, place, &gradient);
        words choice = __builtin_convertvector(*(const bytes *)(a->argmax + place), words);
        words absent = gradient == (floats){0};
        choice = (choice & ~absent) | (choices & absent);
        struct entry lists[choices + 1][lane_count];
        int32_t counts[choices + 1] = {0};
        for (int lane = 0; lane < lane_count; lane++) {
            lists[choice[lane]][counts[choice[lane]]++] = (struct entry){gradient[lane], lane * taps * lane_count};
        }
        struct entry *entries = m->entries + cell * lane_count;
        int32_t end = 0;
        for (int which = 0; which < choices; which++) {
            for (int32_t i = 0; i < counts[which]; i++) entries[end + i] = lists[which][i];
            end += counts[which];
            m->ends[cell * choices + which] = end;
        }
    }
}

/// Adds the products of the entries of one choice, known to the compiler.
INLINE void add_choice(
    floats acc[16], const struct entry *entries, int32_t first, int32_t last, const float *weights, const int choice) {
    for (int32_t e = first; e < last; e++) {
        const float *kernel = weights + entries[e].offset;
        floats gradient = entries[e].gradient - (floats){0};
#pragma clang loop unroll(full)
        for (int tap = 0; tap < taps; tap++) {
            const int place = (choice / 2 + tap / 3) * 4 + choice % 2 + tap % 3;
            acc[place] += gradient * *(const floats *)(kernel + tap * lane_count);
        }
    }
}

/// Adds what the entries of one pooled pixel and block give to the 4 x 4 input pixels that begin at `corner`.
INLINE void add_pixel(
    float *corner, int64_t row, const struct entry *entries, const int32_t *ends, const float *weights) {
    floats acc[16];
#pragma clang loop unroll(full)
    for (int i = 0; i < 16; i++) acc[i] = *(const floats *)(corner + i / 4 * row + i % 4 * lane_count);
    add_choice(acc, entries, 0, ends[0], weights, 0);
    add_choice(acc, entries, ends[0], ends[1], weights, 1);
    add_choice(acc, entries, ends[1], ends[2], weights, 2);
    add_choice(acc, entries, ends[2], ends[3], weights, 3);
#pragma clang loop unroll(full)
    for (int i = 0; i < 16; i++) *(floats *)(corner + i / 4 * row + i % 4 * lane_count) = acc[i];
}

/// Work items are images.
VERSIONS static void sparse_data_range(const void *arguments, int64_t first, int64_t last, int member) {
    const struct sparse_arguments *a = arguments;
    const struct kernel_max_pool_sparse *s = &a->shape;
    int64_t pixels = pooled_pixels(s), parts = output_blocks(s), input_blocks = s->input_channels / lane_count;
    int64_t row = padded_width(s) * lane_count;
    float *base = a->scratch + member * a->scratch_per_member;
    struct data_scratch m = {.frame = base, .entries = (struct entry *)(base + frame_floats(s))};
    m.ends = (int32_t *)(m.entries + parts * pixels * lane_count);
    for (int64_t image = first; image < last; image++) {
        sort_by_choice(a, &m, image);
        for (int64_t block = 0; block < input_blocks; block++) {
            memset(m.frame, 0, (size_t)frame_floats(s) * sizeof(float));
            for (int64_t part = 0; part < parts; part++) {
                int64_t channel = block * s->output_channels + part * lane_count;
                const float *weights = a->weights + channel * taps * lane_count;
                for (int64_t pixel = 0; pixel < pixels; pixel++) {
                    int64_t y = pixel / s->pooled_width, x = pixel % s->pooled_width, cell = part * pixels + pixel;
                    add_pixel(
                        m.frame + 2 * y * row + 2 * x * lane_count, row, m.entries + cell * lane_count,
                        m.ends + cell * choices, weights);
                }
            }
            float *result = a->result + (image * input_blocks + block) * s->input_height * s->input_width * lane_count;
            for (int64_t y = 0; y < s->input_height; y++) {
                memcpy(
                    result + y * s->input_width * lane_count,
                    m.frame + (y + s->padding) * row + s->padding * lane_count,
                    (size_t)(s->input_width * lane_count) * sizeof(float));
            }
        }
    }
}

void kernel_max_pool_sparse_data(
    const struct kernel_max_pool_sparse *shape, const float *weights, const float *pooled_gradient, const float *pooled,
    const uint8_t *argmax, float *input_gradient, float *scratch, int threads) {
    // The weights as (block of input channels, output channel, tap, 16).
    int64_t inputs = shape->input_channels, outputs = shape->output_channels;
    for (int64_t o = 0; o < outputs; o++) {
        for (int64_t i = 0; i < inputs; i++) {
            float *target = scratch + ((i / lane_count) * outputs + o) * taps * lane_count + i % lane_count;
            for (int tap = 0; tap < taps; tap++) target[tap * lane_count] = weights[(o * inputs + i) * taps + tap];
        }
    }
    struct sparse_arguments arguments = {
        .shape = *shape, .weights = scratch, .pooled_gradient = pooled_gradient, .pooled = pooled, .argmax = argmax,
        .result = input_gradient, .scratch = scratch + weight_floats(shape),
        .scratch_per_member = scratch_floats(shape)};
    run_in_team(sparse_data_range, &arguments, shape->batch, threads);
}
