#include "winograd.h"

// The gradients of the filters and the bias: for each of the 36 positions a sum over all tiles of the products of input
// and gradient channels, transformed back when all tiles are in it.

enum {
    blocks_at_once = 4,  // of input and of output channels: their sums, 36 x 64 x 64, stay in the second cache
    tiles_at_once = 32,
    group = 8,           // input channels that are multiplied together
    taps = 9,
};

struct weights_pass {
    struct tiling tiling;
    const float *input, *output_gradient;
    float *weights_gradient, *bias_gradient, *scratch;
    int64_t inputs, outputs, shares, scratch_floats;
    int64_t first_input, input_blocks, first_output, output_blocks;  // the blocks at hand
};

INLINE int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

/// Where the parts of one share's scratch lie.
struct share {
    float *sums;                // (position, output block, input channel, 16)
    float *bias_sums;           // (output block, 16)
    float *numbers, *gradients; // (position, block, tile, 16)
};

INLINE int64_t sums_floats(const struct weights_pass *p) {
    return positions * p->input_blocks * p->output_blocks * lane_count * lane_count;
}

INLINE struct share share_at(const struct weights_pass *p, int64_t index) {
    struct share s = {.sums = p->scratch + index * p->scratch_floats};
    s.bias_sums = s.sums + sums_floats(p);
    s.numbers = s.bias_sums + p->output_blocks * lane_count;
    s.gradients = s.numbers + positions * position_stride(p->input_blocks, tiles_at_once);
    return s;
}

/// The gradients of one tile's results, transformed, and their sum; beyond the image they are 0.
INLINE void transform_gradient_tile(
    const struct tiling *t, const float *plane, const struct tile *tile, float *to, int64_t stride, floats *sum) {
    int64_t rows = t->result_height - tile->row, columns = t->result_width - tile->column;
    const float *corner = plane + (tile->row * t->result_width + tile->column) * lane_count;
    floats half[edge][tile_edge];
#pragma clang loop unroll(full)
    for (int column = 0; column < tile_edge; column++) {
        floats g[tile_edge], m[edge];
#pragma clang loop unroll(full)
        for (int row = 0; row < tile_edge; row++) {
            bool exists = row < rows && column < columns;
            g[row] = exists ? *(const floats *)(corner + (row * t->result_width + column) * lane_count) : (floats){0};
            *sum += g[row];
        }
        transform_gradient(m, g);
#pragma clang loop unroll(full)
        for (int row = 0; row < edge; row++) half[row][column] = m[row];
    }
#pragma clang loop unroll(full)
    for (int row = 0; row < edge; row++) {
        floats m[edge];
        transform_gradient(m, half[row]);
#pragma clang loop unroll(full)
        for (int column = 0; column < edge; column++) *(floats *)(to + (row * edge + column) * stride) = m[column];
    }
}

/// sums (input channel, 16) of some output blocks += numbers (tile, input channel) transposed, times gradients
/// (tile, 16); `blocks` is known to the compiler.
INLINE void add_products(
    const float *numbers, const float *gradients, int64_t gradients_stride, int64_t tiles, float *sums,
    int64_t sums_stride, const int blocks) {
    floats acc[group][blocks];
#pragma clang loop unroll(full)
    for (int i = 0; i < group * blocks; i++) {
        acc[i / blocks][i % blocks] = *(const floats *)(sums + i % blocks * sums_stride + i / blocks * lane_count);
    }
    for (int64_t tile = 0; tile < tiles; tile++) {
        floats g[blocks];
#pragma clang loop unroll(full)
        for (int b = 0; b < blocks; b++) g[b] = *(const floats *)(gradients + b * gradients_stride + tile * lane_count);
#pragma clang loop unroll(full)
        for (int i = 0; i < group; i++) {
            floats value = numbers[tile * lane_count + i] - (floats){0};
#pragma clang loop unroll(full)
            for (int b = 0; b < blocks; b++) acc[i][b] += value * g[b];
        }
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < group * blocks; i++) {
        *(floats *)(sums + i % blocks * sums_stride + i / blocks * lane_count) = acc[i / blocks][i % blocks];
    }
}

/// The products of one position for all blocks at hand.
INLINE void add_position(
    const struct weights_pass *p, const float *numbers, const float *gradients, int64_t tiles, float *sums) {
    int64_t stride = tiles_at_once * lane_count, sums_stride = p->input_blocks * lane_count * lane_count;
    for (int64_t output = 0; output < p->output_blocks; output += 2) {
        bool is_pair = output + 2 <= p->output_blocks;
        for (int64_t input = 0; input < p->input_blocks; input++) {
            for (int channel = 0; channel < lane_count; channel += group) {
                const float *x = numbers + input * stride + channel, *g = gradients + output * stride;
                float *to = sums + output * sums_stride + (input * lane_count + channel) * lane_count;
                if (is_pair) add_products(x, g, stride, tiles, to, sums_stride, 2);
                else add_products(x, g, stride, tiles, to, sums_stride, 1);
            }
        }
    }
}

/// Adds some tiles to the sums.
INLINE void add_tiles(const struct weights_pass *p, int64_t first, int64_t count, const struct share *share) {
    const struct tiling *t = &p->tiling;
    int64_t pixels = t->height * t->width, result_pixels = t->result_height * t->result_width;
    int64_t numbers_stride = position_stride(p->input_blocks, tiles_at_once);
    int64_t gradients_stride = position_stride(p->output_blocks, tiles_at_once);
    for (int64_t i = 0; i < count; i++) {
        struct tile tile = tile_at(t, first + i);
        for (int64_t block = 0; block < p->input_blocks; block++) {
            int64_t plane = tile.image * p->inputs / lane_count + p->first_input + block;
            transform_input_tile(
                t, p->input + plane * pixels * lane_count, &tile,
                share->numbers + (block * tiles_at_once + i) * lane_count, numbers_stride);
        }
        for (int64_t block = 0; block < p->output_blocks; block++) {
            int64_t plane = tile.image * p->outputs / lane_count + p->first_output + block;
            transform_gradient_tile(
                t, p->output_gradient + plane * result_pixels * lane_count, &tile,
                share->gradients + (block * tiles_at_once + i) * lane_count, gradients_stride,
                (floats *)(share->bias_sums + block * lane_count));
        }
    }
    for (int position = 0; position < positions; position++) {
        add_position(
            p, share->numbers + position * numbers_stride, share->gradients + position * gradients_stride, count,
            share->sums + position * (sums_floats(p) / positions));
    }
}

/// Work items are shares of the tiles, each with sums of its own.
VERSIONS static void share_range(const void *arguments, int64_t first, int64_t last, int member) {
    (void)member;
    const struct weights_pass *p = arguments;
    for (int64_t index = first; index < last; index++) {
        struct share share = share_at(p, index);
        memset(share.sums, 0, (size_t)(sums_floats(p) + p->output_blocks * lane_count) * sizeof(float));
        int64_t end = p->tiling.tiles * (index + 1) / p->shares;
        for (int64_t tile = p->tiling.tiles * index / p->shares; tile < end; tile += tiles_at_once) {
            add_tiles(p, tile, least(tiles_at_once, end - tile), &share);
        }
    }
}

/// Work items are output blocks at hand: the shares' sums become gradients.
VERSIONS static void gradient_range(const void *arguments, int64_t first, int64_t last, int member) {
    (void)member;
    const struct weights_pass *p = arguments;
    int64_t channels = p->input_blocks * lane_count, stride = sums_floats(p) / positions;
    for (int64_t output = first; output < last; output++) {
        for (int64_t channel = 0; channel < channels; channel++) {
            const float *sums = p->scratch + (output * channels + channel) * lane_count;
            floats half[edge][3];
            for (int row = 0; row < edge; row++) {
                floats u[edge];
                for (int column = 0; column < edge; column++) {
                    u[column] = (floats){0};
                    for (int64_t share = 0; share < p->shares; share++) {
                        u[column] +=
                            *(const floats *)(sums + share * p->scratch_floats + (row * edge + column) * stride);
                    }
                }
                transform_filter_gradient(half[row], u);
            }
            float *to = p->weights_gradient
                        + ((p->first_output + output) * lane_count * p->inputs + p->first_input * lane_count + channel)
                              * taps;
            for (int column = 0; column < 3; column++) {
                floats u[edge], w[3];
                for (int row = 0; row < edge; row++) u[row] = half[row][column];
                transform_filter_gradient(w, u);
                for (int row = 0; row < 3; row++) {
                    for (int lane = 0; lane < lane_count; lane++) {
                        to[lane * p->inputs * taps + row * 3 + column] = w[row][lane];
                    }
                }
            }
        }
        if (!p->bias_gradient) continue;
        floats sum = {0};
        for (int64_t share = 0; share < p->shares; share++) {
            sum += *(const floats *)(share_at(p, share).bias_sums + output * lane_count);
        }
        *(floats *)(p->bias_gradient + (p->first_output + output) * lane_count) = sum;
    }
}

static struct weights_pass weights_pass_of(const struct kernel_winograd *s, int threads) {
    struct weights_pass p = {
        .tiling = tiling_of(s->batch, s->height, s->width, s->padding), .inputs = s->inputs, .outputs = s->outputs};
    p.shares = least(threads, p.tiling.tiles);
    p.input_blocks = least(blocks_at_once, s->inputs / lane_count);
    p.output_blocks = least(blocks_at_once, s->outputs / lane_count);
    p.scratch_floats = sums_floats(&p) + p.output_blocks * lane_count
                       + positions
                             * (position_stride(p.input_blocks, tiles_at_once)
                                + position_stride(p.output_blocks, tiles_at_once));
    return p;
}

int64_t kernel_winograd_weights_scratch(const struct kernel_winograd *shape, int threads) {
    struct weights_pass p = weights_pass_of(shape, threads);
    return p.shares * p.scratch_floats;
}

void kernel_winograd_backward_weights(
    const struct kernel_winograd *shape, const float *input, const float *output_gradient, float *weights_gradient,
    float *bias_gradient, float *scratch, int threads) {
    struct weights_pass p = weights_pass_of(shape, threads);
    p.input = input;
    p.output_gradient = output_gradient;
    p.weights_gradient = weights_gradient;
    p.scratch = scratch;
    int64_t inputs = shape->inputs / lane_count, outputs = shape->outputs / lane_count;
    for (p.first_output = 0; p.first_output < outputs; p.first_output += blocks_at_once) {
        p.output_blocks = least(blocks_at_once, outputs - p.first_output);
        for (p.first_input = 0; p.first_input < inputs; p.first_input += blocks_at_once) {
            p.input_blocks = least(blocks_at_once, inputs - p.first_input);
            p.bias_gradient = p.first_input == 0 ? bias_gradient : 0;
            run_in_team(share_range, &p, p.shares, threads);
            run_in_team(gradient_range, &p, p.output_blocks, threads);
        }
    }
}
