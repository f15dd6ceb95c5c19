#pragma once
// Winograd's minimal filtering F(4 x 4, 3 x 3) on images in blocks of 16 channels (Lavin and Gray, CVPR 2016, section
// 4): a tile of 4 x 4 results is found from 6 x 6 numbers by 36 multiplications a pair of channels, where the plain sum
// takes 144. The numbers of each of the 36 positions are gathered over tiles and channels, so that their
// multiplications are one matrix product.
//
// oneDNN 2 has the same algorithm and 3 has not; it writes the transformed numbers of a whole batch to memory between
// its parts, where here a few dozen tiles go through all of them while they lie in the second cache. (One core of a
// Sapphire Rapids, batch 64, of oneDNN's time: 0.5 with 16 channels of 32 x 32, 0.65 with 32 and 64, 0.8 to 1 with 128
// and more.)
#include "../images.h"

enum { positions = 36, edge = 6, tile_edge = 4 };

/// The images that a pass filters, with their padding, its results, and how their tiles are counted.
struct tiling {
    int64_t height, width, padding;
    int64_t result_height, result_width;
    int64_t tiles_high, tiles_wide, tiles;
};

INLINE struct tiling tiling_of(int64_t batch, int64_t height, int64_t width, int64_t padding) {
    struct tiling t = {.height = height, .width = width, .padding = padding};
    t.result_height = height + 2 * padding - 2;
    t.result_width = width + 2 * padding - 2;
    t.tiles_high = (t.result_height + tile_edge - 1) / tile_edge;
    t.tiles_wide = (t.result_width + tile_edge - 1) / tile_edge;
    t.tiles = batch * t.tiles_high * t.tiles_wide;
    return t;
}

/// Where the first result of a tile lies.
struct tile {
    int64_t image, row, column;
};

INLINE struct tile tile_at(const struct tiling *t, int64_t index) {
    int64_t a_image = t->tiles_high * t->tiles_wide, rest = index % a_image;
    return (struct tile){
        .image = index / a_image, .row = rest / t->tiles_wide * tile_edge,
        .column = rest % t->tiles_wide * tile_edge};
}

/// Transformed numbers of some tiles: (position, block of 16 channels, tile, 16).
struct transformed {
    float *numbers;
    int64_t blocks, tiles;
};

/// Floats from one position to the next. The line between two keeps 36 stores out of one set of the cache.
INLINE int64_t position_stride(int64_t blocks, int64_t tiles) { return (blocks * tiles + 1) * lane_count; }

INLINE floats *transformed_at(const struct transformed *t, int64_t block, int64_t tile) {
    return (floats *)(t->numbers + (block * t->tiles + tile) * lane_count);
}

// The transforms of one row or column, each a product with a small matrix of the paper (its points 0, 1, -1, 2, -2).

/// Bᵀ d, in place.
INLINE void transform_input(floats *d) {
    floats a = d[4] - 4 * d[2], b = d[3] - 4 * d[1], c = d[4] - d[2], e = 2 * (d[3] - d[1]);
    d[0] = 4 * d[0] - 5 * d[2] + d[4];
    d[5] = 4 * d[1] - 5 * d[3] + d[5];
    d[1] = a + b;
    d[2] = a - b;
    d[3] = c + e;
    d[4] = c - e;
}

/// Aᵀ m, 6 numbers to 4.
INLINE void transform_output(floats *y, const floats *m) {
    floats sum = m[1] + m[2], difference = m[1] - m[2], far_sum = m[3] + m[4], far_difference = m[3] - m[4];
    y[0] = m[0] + sum + far_sum;
    y[1] = difference + 2 * far_difference;
    y[2] = sum + 4 * far_sum;
    y[3] = difference + 8 * far_difference + m[5];
}

/// A g, 4 numbers to 6.
INLINE void transform_gradient(floats *m, const floats *g) {
    floats even = g[0] + g[2], odd = g[1] + g[3], far_even = g[0] + 4 * g[2], far_odd = 2 * g[1] + 8 * g[3];
    m[0] = g[0];
    m[1] = even + odd;
    m[2] = even - odd;
    m[3] = far_even + far_odd;
    m[4] = far_even - far_odd;
    m[5] = g[3];
}

/// G w, 3 numbers to 6.
INLINE void transform_filter(floats *u, const floats *w) {
    floats ends = w[0] + w[2], near = -1.0f / 6 * ends, middle = 1.0f / 6 * w[1];
    floats far = 1.0f / 24 * w[0] + 1.0f / 6 * w[2], far_middle = 1.0f / 12 * w[1];
    u[0] = 0.25f * w[0];
    u[1] = near - middle;
    u[2] = near + middle;
    u[3] = far + far_middle;
    u[4] = far - far_middle;
    u[5] = w[2];
}

/// Gᵀ u, 6 numbers to 3.
INLINE void transform_filter_gradient(floats *w, const floats *u) {
    floats near = 1.0f / 6 * (u[1] + u[2]), far = u[3] + u[4];
    w[0] = 0.25f * u[0] - near + 1.0f / 24 * far;
    w[1] = 1.0f / 6 * (u[2] - u[1]) + 1.0f / 12 * (u[3] - u[4]);
    w[2] = 1.0f / 6 * far - near + u[5];
}

/// The 6 x 6 numbers around a tile of one block of channels, transformed; beyond the image they are 0.
INLINE void transform_input_tile(
    const struct tiling *t, const float *plane, const struct tile *tile, floats *to, int64_t stride) {
    floats numbers[edge][edge];  // (column, row)
    int64_t top = tile->row - t->padding, left = tile->column - t->padding;
    bool is_inside = top >= 0 && left >= 0 && top + edge <= t->height && left + edge <= t->width;
    const float *corner = plane + (top * t->width + left) * lane_count;
#pragma clang loop unroll(full)
    for (int column = 0; column < edge; column++) {
        floats d[edge];
#pragma clang loop unroll(full)
        for (int row = 0; row < edge; row++) {
            int64_t y = top + row, x = left + column;
            bool exists = is_inside || (y >= 0 && y < t->height && x >= 0 && x < t->width);
            d[row] = exists ? *(const floats *)(corner + (row * t->width + column) * lane_count) : (floats){0};
        }
        transform_input(d);
#pragma clang loop unroll(full)
        for (int row = 0; row < edge; row++) numbers[row][column] = d[row];
    }
#pragma clang loop unroll(full)
    for (int row = 0; row < edge; row++) {
        transform_input(numbers[row]);
#pragma clang loop unroll(full)
        for (int column = 0; column < edge; column++) {
            *(floats *)((float *)to + (row * edge + column) * stride) = numbers[row][column];
        }
    }
}
