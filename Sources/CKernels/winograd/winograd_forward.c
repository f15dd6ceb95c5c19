#include "winograd.h"

// Images through filters: the forward pass, and the backward pass to the images, which is the same with the gradients
// for images and the filters turned round.

struct pass {
    struct tiling tiling;
    const float *images, *filters, *bias;  // the filters transformed: (position, output block, input channel, 16)
    float *results, *scratch;
    int64_t input_blocks, output_blocks;
    int64_t tiles_at_once, blocks_at_once, scratch_floats;  // of input and output blocks; for one member of the team
    bool rectified;
};

/// sums (tile, 16) = numbers (tile, input channel) times filters (input channel, 16), for `tiles` tiles and `blocks`
/// output blocks, both known to the compiler.
INLINE void multiply_tiles(
    const struct transformed *numbers, int64_t tile, const float *filters, int64_t filters_stride, float *sums,
    int64_t sums_stride, const int tiles, const int blocks) {
    floats acc[tiles][blocks];
#pragma clang loop unroll(full)
    for (int i = 0; i < tiles * blocks; i++) acc[i / blocks][i % blocks] = (floats){0};
    for (int64_t block = 0; block < numbers->blocks; block++) {
        const float *x = (const float *)transformed_at(numbers, block, tile);
        for (int channel = 0; channel < lane_count; channel++, filters += lane_count) {
            floats w[blocks];
#pragma clang loop unroll(full)
            for (int b = 0; b < blocks; b++) w[b] = *(const floats *)(filters + b * filters_stride);
#pragma clang loop unroll(full)
            for (int i = 0; i < tiles; i++) {
                floats value = x[i * lane_count + channel] - (floats){0};
#pragma clang loop unroll(full)
                for (int b = 0; b < blocks; b++) acc[i][b] += value * w[b];
            }
        }
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < tiles; i++) {
#pragma clang loop unroll(full)
        for (int b = 0; b < blocks; b++) *(floats *)(sums + b * sums_stride + i * lane_count) = acc[i][b];
    }
}

/// Tiles that are multiplied together, with one output block or with two.
enum { tiles_with_one = 16, tiles_with_two = 8 };

/// The products of one position for all tiles at hand, and the output blocks from `first` on.
INLINE void multiply_position(
    const struct pass *p, const struct transformed *numbers, int position, int64_t first, int64_t count, float *sums) {
    int64_t filters_stride = p->input_blocks * lane_count * lane_count, sums_stride = numbers->tiles * lane_count;
    const float *filters = p->filters + (position * p->output_blocks + first) * filters_stride;
    int64_t block = 0;
    for (; block + 2 <= count; block += 2) {
        for (int64_t tile = 0; tile < numbers->tiles; tile += tiles_with_two) {
            multiply_tiles(
                numbers, tile, filters + block * filters_stride, filters_stride,
                sums + block * sums_stride + tile * lane_count, sums_stride, tiles_with_two, 2);
        }
    }
    for (; block < count; block++) {
        for (int64_t tile = 0; tile < numbers->tiles; tile += tiles_with_one) {
            multiply_tiles(
                numbers, tile, filters + block * filters_stride, filters_stride,
                sums + block * sums_stride + tile * lane_count, sums_stride, tiles_with_one, 1);
        }
    }
}

/// Where the first result of a tile lies.
INLINE float *results_at(const struct pass *p, const struct tile *tile, int64_t block) {
    const struct tiling *t = &p->tiling;
    int64_t plane = tile->image * p->output_blocks + block;
    return p->results + ((plane * t->result_height + tile->row) * t->result_width + tile->column) * lane_count;
}

/// Writes a tile of results from its 36 sums.
INLINE void write_tile(
    const struct pass *p, const float *sums, int64_t stride, const struct tile *tile, int64_t block) {
    const struct tiling *t = &p->tiling;
    float *corner = results_at(p, tile, block);
    floats bias = p->bias ? *(const floats *)(p->bias + block * lane_count) : (floats){0};
    floats half[edge][tile_edge];
#pragma clang loop unroll(full)
    for (int row = 0; row < edge; row++) {
        floats m[edge];
#pragma clang loop unroll(full)
        for (int column = 0; column < edge; column++) {
            m[column] = *(const floats *)(sums + (row * edge + column) * stride);
        }
        transform_output(half[row], m);
    }
    int64_t rows = t->result_height - tile->row, columns = t->result_width - tile->column;
#pragma clang loop unroll(full)
    for (int column = 0; column < tile_edge; column++) {
        floats m[edge], y[tile_edge];
#pragma clang loop unroll(full)
        for (int row = 0; row < edge; row++) m[row] = half[row][column];
        transform_output(y, m);
#pragma clang loop unroll(full)
        for (int row = 0; row < tile_edge; row++) {
            floats value = y[row] + bias;
            if (p->rectified) value = (floats)((words)value & ~(words)(value <= 0));
            if (row < rows && column < columns) {
                *(floats *)(corner + (row * t->result_width + column) * lane_count) = value;
            }
        }
    }
}

/// Asks for the pixels that a tile of results will be written to, so that the store need not wait for them.
INLINE void fetch_tile(const struct pass *p, const struct tile *tile, int64_t block) {
    const float *corner = results_at(p, tile, block);
    for (int row = 0; row < tile_edge; row++) {
        for (int column = 0; column < tile_edge; column++) {
            __builtin_prefetch(corner + (row * p->tiling.result_width + column) * lane_count, 1);
        }
    }
}

/// Takes some tiles through all three parts.
INLINE void pass_tiles(const struct pass *p, int64_t first, int64_t count, float *scratch) {
    const struct tiling *t = &p->tiling;
    int64_t tiles = (count + tiles_with_one - 1) / tiles_with_one * tiles_with_one;
    int64_t numbers_stride = position_stride(p->input_blocks, tiles);
    int64_t sums_stride = position_stride(p->blocks_at_once, tiles);
    float *sums = scratch + positions * position_stride(p->input_blocks, p->tiles_at_once);
    for (int64_t i = 0; i < tiles; i++) {
        struct tile tile = tile_at(t, first + (i < count ? i : 0));
        for (int64_t block = 0; block < p->input_blocks; block++) {
            const float *plane =
                p->images + (tile.image * p->input_blocks + block) * t->height * t->width * lane_count;
            struct transformed numbers = {scratch, p->input_blocks, tiles};
            transform_input_tile(t, plane, &tile, transformed_at(&numbers, block, i), numbers_stride);
        }
    }
    for (int64_t block = 0; block < p->output_blocks; block += p->blocks_at_once) {
        int64_t rest = p->output_blocks - block, blocks = rest < p->blocks_at_once ? rest : p->blocks_at_once;
        for (int position = 0; position < positions; position++) {
            struct transformed numbers = {scratch + position * numbers_stride, p->input_blocks, tiles};
            multiply_position(p, &numbers, position, block, blocks, sums + position * sums_stride);
        }
        for (int64_t i = 0; i < count; i++) {
            struct tile tile = tile_at(t, first + i), later = tile_at(t, first + i + 2);
            for (int64_t b = 0; b < blocks; b++) {
                fetch_tile(p, &later, block + b);
                write_tile(p, sums + (b * tiles + i) * lane_count, sums_stride, &tile, block + b);
            }
        }
    }
}

/// Work items are blocks of tiles.
VERSIONS static void pass_range(const void *arguments, int64_t first, int64_t last, int member) {
    const struct pass *p = arguments;
    for (int64_t item = first; item < last; item++) {
        int64_t begin = item * p->tiles_at_once, rest = p->tiling.tiles - begin;
        pass_tiles(
            p, begin, rest < p->tiles_at_once ? rest : p->tiles_at_once, p->scratch + member * p->scratch_floats);
    }
}

struct filter_arguments {
    const float *weights;  // (output, input, 3, 3)
    float *filters;
    int64_t inputs, outputs;  // of the pass, whose inputs are the weights' outputs when it goes backward
    bool backward;
};

/// Work items are blocks of 16 output channels of the pass.
VERSIONS static void filter_range(const void *arguments, int64_t first, int64_t last, int member) {
    (void)member;
    enum { taps = 9 };
    const struct filter_arguments *a = arguments;
    int64_t lane_step = a->backward ? taps : a->inputs * taps, step = a->backward ? a->outputs * taps : taps;
    for (int64_t block = first; block < last; block++) {
        for (int64_t channel = 0; channel < a->inputs; channel++) {
            const float *from = a->weights + block * lane_count * lane_step + channel * step;
            floats w[3][3], half[3][edge];
            for (int tap = 0; tap < taps; tap++) {
                // Backward the filter is turned round.
                int place = a->backward ? taps - 1 - tap : tap;
                for (int lane = 0; lane < lane_count; lane++) {
                    w[tap / 3][tap % 3][lane] = from[lane * lane_step + place];
                }
            }
            for (int row = 0; row < 3; row++) transform_filter(half[row], w[row]);
            float *to = a->filters + (block * a->inputs + channel) * lane_count;
            for (int column = 0; column < edge; column++) {
                floats u[edge], column_numbers[3] = {half[0][column], half[1][column], half[2][column]};
                transform_filter(u, column_numbers);
                for (int row = 0; row < edge; row++) {
                    *(floats *)(to + (row * edge + column) * a->inputs * a->outputs) = u[row];
                }
            }
        }
    }
}

/// How many tiles and output blocks are in hand at once: no more tiles than leave something for each thread.
static void set_portions(struct pass *p, int threads) {
    int64_t most = p->input_blocks <= 4 ? 32 : 64, share = (p->tiling.tiles + threads - 1) / threads;
    share = (share + tiles_with_one - 1) / tiles_with_one * tiles_with_one;
    p->tiles_at_once = share < most ? share : most;
    p->blocks_at_once = p->output_blocks < 4 ? p->output_blocks : 4;
    p->scratch_floats = positions
                        * (position_stride(p->input_blocks, p->tiles_at_once)
                           + position_stride(p->blocks_at_once, p->tiles_at_once));
}

static struct pass pass_of(const struct kernel_winograd *s, bool backward, int threads) {
    struct tiling there = tiling_of(s->batch, s->height, s->width, s->padding);
    struct pass p = {.tiling = there};
    // With the filters turned round, the padding of one way and that of the other are 2 together.
    if (backward) p.tiling = tiling_of(s->batch, there.result_height, there.result_width, 2 - s->padding);
    p.input_blocks = (backward ? s->outputs : s->inputs) / lane_count;
    p.output_blocks = (backward ? s->inputs : s->outputs) / lane_count;
    set_portions(&p, threads);
    return p;
}

int64_t kernel_winograd_scratch(const struct kernel_winograd *shape, int threads) {
    struct pass there = pass_of(shape, false, threads), back = pass_of(shape, true, threads);
    int64_t most = there.scratch_floats > back.scratch_floats ? there.scratch_floats : back.scratch_floats;
    return positions * shape->inputs * shape->outputs + most * threads;
}

static void run_pass(
    struct pass *p, const struct kernel_winograd *s, bool backward, const float *weights, float *scratch, int threads) {
    struct filter_arguments filters = {
        .weights = weights, .filters = scratch, .inputs = p->input_blocks * lane_count,
        .outputs = p->output_blocks * lane_count, .backward = backward};
    run_in_team(filter_range, &filters, p->output_blocks, threads);
    p->filters = scratch;
    p->scratch = scratch + positions * s->inputs * s->outputs;
    run_in_team(pass_range, p, (p->tiling.tiles + p->tiles_at_once - 1) / p->tiles_at_once, threads);
}

void kernel_winograd_forward(
    const struct kernel_winograd *shape, const float *input, const float *weights, const float *bias, bool rectified,
    float *output, float *scratch, int threads) {
    struct pass p = pass_of(shape, false, threads);
    p.images = input;
    p.bias = bias;
    p.rectified = rectified;
    p.results = output;
    run_pass(&p, shape, false, weights, scratch, threads);
}

void kernel_winograd_backward_data(
    const struct kernel_winograd *shape, const float *output_gradient, const float *weights, float *input_gradient,
    float *scratch, int threads) {
    struct pass p = pass_of(shape, true, threads);
    p.images = output_gradient;
    p.results = input_gradient;
    run_pass(&p, shape, true, weights, scratch, threads);
}
