#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cimages.h"

#if defined(__x86_64__) && defined(__linux__)
#define VERSIONS __attribute__((target_clones("avx512f", "arch=x86-64-v3", "default")))
#else
#define VERSIONS
#endif

typedef int32_t words __attribute__((vector_size(16)));
typedef uint8_t bytes __attribute__((vector_size(4)));

// Weights are whole numbers of 2^-22: the sum of 255 of them stays below 2^31.
enum { fraction_bits = 22, half = 1 << (fraction_bits - 1) };

/// The pixels that one pixel of the result is the average of, along one axis, and their weights.
struct taps {
    int first, count;
    const int32_t *weights;
};

/// An axis: `extent` pixels, of which `length` from `start` on become `size`. The weights lie behind the taps, in one
/// block that the caller frees; NULL where memory is lacking.
static struct taps *axis(int extent, double start, double length, int size) {
    double scale = length / size, wide = scale < 1 ? 1 : scale;
    int most = (int)ceil(wide) * 2 + 1;
    struct taps *taps = malloc((sizeof *taps + most * sizeof(int32_t)) * size + most * sizeof(double));
    if (taps == NULL) return NULL;
    double *shares = (double *)(taps + size);
    int32_t *weights = (int32_t *)(shares + most);
    for (int place = 0; place < size; place++, weights += most) {
        double center = start + (place + 0.5) * scale, inverse = 1 / wide, sum = 0;
        int first = (int)(center - wide + 0.5), end = (int)(center + wide + 0.5);
        if (first < 0) first = 0;
        if (end > extent) end = extent;
        if (first >= extent) first = extent - 1;
        if (end <= first) end = first + 1;
        for (int tap = 0; tap < end - first; tap++) {
            double distance = fabs((tap + first - center + 0.5) * inverse);
            shares[tap] = distance < 1 ? 1 - distance : 0;
            sum += shares[tap];
        }
        for (int tap = 0; tap < end - first; tap++) {
            double share = sum != 0 ? shares[tap] / sum : (tap == 0);
            weights[tap] = (int32_t)(0.5 + share * (1 << fraction_bits));
        }
        taps[place] = (struct taps){first, end - first, weights};
    }
    return taps;
}

/// Shortens one row of pixels of four bytes.
VERSIONS static void shorten(const uint8_t *row, const struct taps *taps, int size, uint8_t *result) {
    for (int place = 0; place < size; place++) {
        struct taps tap = taps[place];
        words sum = (words){0} + half;
        const uint8_t *pixel = row + 4 * tap.first;
        for (int index = 0; index < tap.count; index++) {
            bytes four;
            memcpy(&four, pixel + 4 * index, sizeof four);
            sum += __builtin_convertvector(four, words) * tap.weights[index];
        }
        bytes four = __builtin_convertvector(sum >> fraction_bits, bytes);
        memcpy(result + 4 * place, &four, sizeof four);
    }
}

/// The average of rows of `width` pixels, one plane behind the other.
VERSIONS static void average(
    const uint8_t *rows, struct taps taps, int width, int channels, int32_t *sums, uint8_t *planes, size_t plane) {
    for (int index = 0; index < 4 * width; index++) sums[index] = half;
    for (int row = 0; row < taps.count; row++) {
        const uint8_t *line = rows + 4 * (size_t)width * row;
        int32_t weight = taps.weights[row];
        for (int index = 0; index < 4 * width; index++) sums[index] += weight * line[index];
    }
    for (int channel = 0; channel < channels; channel++) {
        for (int column = 0; column < width; column++) {
            planes[channel * plane + column] = (uint8_t)(sums[4 * column + channel] >> fraction_bits);
        }
    }
}

bool cimages_resample(
    const uint8_t *pixels, struct cimages_window window, int size_width, int size_height, int channels, uint8_t *planes
) {
    struct taps *columns = axis(window.width, window.first_column, window.columns, size_width);
    struct taps *rows = axis(window.height, window.first_row, window.rows, size_height);
    int32_t *sums = malloc(4 * sizeof(int32_t) * size_width);
    uint8_t *narrow = NULL;
    if (columns != NULL && rows != NULL && sums != NULL) {
        int first = rows[0].first, end = rows[size_height - 1].first + rows[size_height - 1].count;
        size_t line = 4 * (size_t)size_width;
        narrow = malloc(line * (end - first));
        for (int row = first; narrow != NULL && row < end; row++) {
            const uint8_t *from = pixels + 4 * ((size_t)(window.top + row) * window.stride + window.left);
            shorten(from, columns, size_width, narrow + line * (row - first));
        }
        for (int row = 0; narrow != NULL && row < size_height; row++) {
            average(
                narrow + line * (rows[row].first - first), rows[row], size_width, channels, sums,
                planes + (size_t)row * size_width, (size_t)size_width * size_height);
        }
    }
    bool is_done = narrow != NULL;
    free(narrow);
    free(sums);
    free(rows);
    free(columns);
    return is_done;
}
