// Numbers to fewer bits and back. Every host must come to the same bits: sums go in a fixed order, and no product and
// sum are fused, which some processors would do and others not.
#include <math.h>

#include "kernels.h"

#pragma STDC FP_CONTRACT OFF

typedef double doubles __attribute__((vector_size(128), aligned(4)));
typedef uint32_t naturals __attribute__((vector_size(64), aligned(4)));
typedef int8_t octets __attribute__((vector_size(16), aligned(1)));
typedef bool flags __attribute__((ext_vector_type(16)));

static const int32_t magnitude = 0x7fffffff, infinite = 0x7f800000;

INLINE int32_t pattern_of(float number) {
    int32_t pattern;
    memcpy(&pattern, &number, sizeof number);
    return pattern;
}

INLINE float number_of(int32_t pattern) {
    float number;
    memcpy(&number, &pattern, sizeof number);
    return number;
}

/// The next 16 numbers, of which the last ones are 0 when fewer are left.
INLINE void load(floats *numbers, const float *values, int64_t left) {
    if (left >= lane_count) {
        *numbers = *(const floats *)values;
    } else {
        *numbers = (floats){0};
        memcpy(numbers, values, (size_t)left * sizeof(float));
    }
}

/// Whether numbers can be written past the caches, where that is wanted.
INLINE bool can_pass(bool past, const float *values) { return past && ((uintptr_t)values & 63) == 0; }

INLINE void put(float *values, const floats *numbers, bool past) {
    typedef float line __attribute__((vector_size(64)));
    if (past) {
        __builtin_nontemporal_store((line)*numbers, (line *)values);
    } else {
        *(floats *)values = *numbers;
    }
}

INLINE double total(const doubles *sums) {
    double sum = 0;
    for (int lane = 0; lane < lane_count; lane++) sum += (*sums)[lane];
    return sum;
}

// Signs

/// Adds the magnitudes of 16 numbers up and tells which of them are negative.
INLINE uint16_t take_signs(const floats *numbers, floats *sums) {
    words pattern = (words)*numbers;
    *sums += (floats)(pattern & magnitude);
    flags negative = __builtin_convertvector(pattern < 0, flags);
    uint16_t signs;
    memcpy(&signs, &negative, sizeof signs);
    return signs;
}

VERSIONS float kernel_sign_encode(int64_t count, const float *values, uint8_t *output) {
    enum { run = 1024 };
    doubles sums = {0};
    int64_t i = 0;
    while (i + lane_count <= count) {
        floats part = {0};
        int64_t end = i + run + lane_count <= count ? i + run : count - lane_count + 1;
        for (; i < end; i += lane_count) {
            uint16_t signs = take_signs((const floats *)(values + i), &part);
            memcpy(output + i / 8, &signs, sizeof signs);
        }
        sums += __builtin_convertvector(part, doubles);
    }
    if (i < count) {
        floats numbers, part = {0};
        load(&numbers, values + i, count - i);
        uint16_t signs = take_signs(&numbers, &part);
        memcpy(output + i / 8, &signs, count - i > 8 ? 2 : 1);
        sums += __builtin_convertvector(part, doubles);
    }
    return count > 0 ? (float)(total(&sums) / (double)count) : 0;
}

INLINE void put_signs(uint16_t negative, uint32_t pattern, naturals *numbers) {
    const naturals lanes = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    *numbers = (((naturals){0} + negative) >> lanes) << 31 ^ pattern;
}

VERSIONS void kernel_sign_decode(int64_t count, const uint8_t *input, float norm, float *values, bool past) {
    uint32_t pattern = (uint32_t)pattern_of(norm);
    past = can_pass(past, values);
    naturals numbers;
    int64_t i = 0;
    for (; i + lane_count <= count; i += lane_count) {
        uint16_t negative;
        memcpy(&negative, input + i / 8, sizeof negative);
        put_signs(negative, pattern, &numbers);
        put(values + i, (const floats *)&numbers, past);
    }
    if (i < count) {
        uint16_t negative = 0;
        memcpy(&negative, input + i / 8, count - i > 8 ? 2 : 1);
        put_signs(negative, pattern, &numbers);
        memcpy(values + i, &numbers, (size_t)(count - i) * sizeof(float));
    }
}

// Eight bits and a scale

VERSIONS float kernel_int8_encode(int64_t count, const float *values, uint8_t *output) {
    int32_t largest = 0;
    for (int64_t i = 0; i < count; i++) {
        int32_t pattern = pattern_of(values[i]) & magnitude;
        largest = pattern > largest ? pattern : largest;
    }
    // As patterns of bits NaN is the greatest, so that one NaN makes the scale one. Below 1e-36 there is no reciprocal.
    float peak = number_of(largest), reciprocal = peak < 1e-36f ? 0 : 127 / peak;
    // Adding this leaves the nearest whole number, halves to even, in the lowest bits.
    const float rounder = 12582912;
    for (int64_t i = 0; i < count; i++) output[i] = (uint8_t)pattern_of(values[i] * reciprocal + rounder);
    return peak / 127;
}

VERSIONS void kernel_int8_decode(int64_t count, const uint8_t *input, float scale, float *values, bool past) {
    past = can_pass(past, values);
    int64_t i = 0;
    for (; i + lane_count <= count; i += lane_count) {
        octets levels = *(const octets *)(input + i);
        floats numbers = __builtin_convertvector(levels, floats) * scale;
        put(values + i, &numbers, past);
    }
    for (; i < count; i++) values[i] = (float)(int8_t)input[i] * scale;
}

// Sixteen bits, rounded to the nearest, halves to even

INLINE uint16_t brain_pattern(float number) {
    uint32_t pattern = (uint32_t)pattern_of(number), rounded = pattern + 0x7fff + ((pattern >> 16) & 1);
    bool is_number = (int32_t)(pattern & 0x7fffffff) <= infinite;
    return (uint16_t)((is_number ? rounded : pattern | 0x400000) >> 16);
}

INLINE float brain_number(uint16_t pattern) { return number_of((int32_t)((uint32_t)pattern << 16)); }

INLINE uint16_t half_pattern(float number) {
    const int32_t above = 143 << 23, least_normal = 113 << 23, magic = 126 << 23;
    int32_t pattern = pattern_of(number), sign = (pattern >> 16) & 0x8000;
    pattern &= magnitude;
    int32_t huge = pattern > infinite ? 0x7e00 : 0x7c00;
    int32_t small = pattern_of(number_of(pattern) + number_of(magic)) - magic;
    int32_t normal = (int32_t)((uint32_t)pattern + 0xc8000fffu + (((uint32_t)pattern >> 13) & 1)) >> 13;
    return (uint16_t)((pattern >= above ? huge : pattern < least_normal ? small : normal) | sign);
}

INLINE float half_number(uint16_t pattern) {
    const int32_t exponents = 0x7c00 << 13;
    int32_t number = (pattern & 0x7fff) << 13, exponent = number & exponents;
    number += (127 - 15) << 23;
    int32_t special = number + ((128 - 16) << 23);
    int32_t small = pattern_of(number_of(number + (1 << 23)) - number_of(113 << 23));
    number = exponent == exponents ? special : exponent == 0 ? small : number;
    return number_of((int32_t)((uint32_t)number | (uint32_t)(pattern & 0x8000) << 16));
}

VERSIONS void kernel_bf16_encode(int64_t count, const float *values, uint8_t *output) {
    for (int64_t i = 0; i < count; i++) {
        uint16_t pattern = brain_pattern(values[i]);
        memcpy(output + 2 * i, &pattern, 2);
    }
}

VERSIONS void kernel_bf16_decode(int64_t count, const uint8_t *input, float *values) {
    for (int64_t i = 0; i < count; i++) {
        uint16_t pattern;
        memcpy(&pattern, input + 2 * i, 2);
        values[i] = brain_number(pattern);
    }
}

VERSIONS void kernel_fp16_encode(int64_t count, const float *values, uint8_t *output) {
    for (int64_t i = 0; i < count; i++) {
        uint16_t pattern = half_pattern(values[i]);
        memcpy(output + 2 * i, &pattern, 2);
    }
}

VERSIONS void kernel_fp16_decode(int64_t count, const uint8_t *input, float *values) {
    for (int64_t i = 0; i < count; i++) {
        uint16_t pattern;
        memcpy(&pattern, input + 2 * i, 2);
        values[i] = half_number(pattern);
    }
}

// Levels chosen by chance

/// 24 random bits as a number from 0 up to 1 for each place, by two rounds of a mixer of 32 bits.
INLINE float chance(uint32_t place, uint32_t low, uint32_t high) {
    place = place * 0x9e3779b9u + low;
    place = (place ^ (place >> 16)) * 0x7feb352du;
    place = (place ^ (place >> 15)) * 0x846ca68bu;
    place = (place ^ (place >> 16)) + high;
    place = (place ^ (place >> 16)) * 0x7feb352du;
    place = (place ^ (place >> 15)) * 0x846ca68bu;
    return (float)(int32_t)((place ^ (place >> 16)) >> 8) * 0x1p-24f;
}

/// The fields of so many bits, one in each `span` bits of a word.
INLINE uint64_t fields(int width, int span) {
    uint64_t mask = 0, field = ((uint64_t)1 << width) - 1;
    for (int place = 0; place < 64; place += span) mask |= field << place;
    return mask;
}

/// Eight codes of `width` bits, one in each byte, to neighbours.
INLINE uint64_t squeezed(uint64_t codes, int width) {
    codes = (codes & fields(width, 16)) | ((codes >> 8) & fields(width, 16)) << width;
    codes = (codes & fields(2 * width, 32)) | ((codes >> 16) & fields(2 * width, 32)) << 2 * width;
    return (codes & fields(4 * width, 64)) | ((codes >> 32) & fields(4 * width, 64)) << 4 * width;
}

/// And back.
INLINE uint64_t spread(uint64_t codes, int width) {
    codes = (codes & fields(4 * width, 64)) | ((codes >> 4 * width) & fields(4 * width, 64)) << 32;
    codes = (codes & fields(2 * width, 32)) | ((codes >> 2 * width) & fields(2 * width, 32)) << 16;
    return (codes & fields(width, 16)) | ((codes >> width) & fields(width, 16)) << 8;
}

enum { code_run = 512 };

VERSIONS float kernel_qsgd_encode(
    int64_t count, const float *values, int width, uint64_t seed, int64_t place, uint8_t *output) {
    doubles squares = {0};
    for (int64_t i = 0; i < count; i += lane_count) {
        floats part;
        load(&part, values + i, count - i);
        doubles numbers = __builtin_convertvector(part, doubles);
        doubles products = numbers * numbers;
        squares += products;
    }
    float norm = (float)sqrt(total(&squares)), most = (float)((1 << (width - 1)) - 1);
    float factor = norm < 1e-36f ? 0 : most / norm;
    uint8_t codes[code_run + 8] = {0};
    for (int64_t start = 0; start < count; start += code_run) {
        int64_t length = count - start < code_run ? count - start : code_run;
        for (int64_t i = 0; i < length; i++) {
            int32_t pattern = pattern_of(values[start + i]);
            float scaled = number_of(pattern & magnitude) * factor;
            float level = scaled + chance((uint32_t)(place + start + i), (uint32_t)seed, (uint32_t)(seed >> 32));
            level = level < most ? level : most;  // NaN comes to the greatest level: the norm says what it is.
            codes[i] = (uint8_t)((uint32_t)(int32_t)level | ((uint32_t)pattern >> 31) << (width - 1));
        }
        memset(codes + length, 0, 8);
        for (int64_t i = 0; i < length; i += 8) {
            uint64_t eight;
            memcpy(&eight, codes + i, 8);
            eight = squeezed(eight, width);
            memcpy(output + (start + i) / 8 * width, &eight, (size_t)width);
        }
    }
    return norm;
}

VERSIONS void kernel_qsgd_decode(int64_t count, const uint8_t *input, int width, float unit, float *values) {
    const uint32_t levels = (1u << (width - 1)) - 1;
    uint8_t codes[code_run + 8];
    for (int64_t start = 0; start < count; start += code_run) {
        int64_t length = count - start < code_run ? count - start : code_run;
        for (int64_t i = 0; i < length; i += 8) {
            uint64_t eight = 0;
            memcpy(&eight, input + (start + i) / 8 * width, (size_t)width);
            eight = spread(eight, width);
            memcpy(codes + i, &eight, 8);
        }
        for (int64_t i = 0; i < length; i++) {
            float number = (float)(int32_t)(codes[i] & levels) * unit;
            uint32_t sign = (uint32_t)codes[i] >> (width - 1) << 31;
            values[start + i] = number_of((int32_t)((uint32_t)pattern_of(number) ^ sign));
        }
    }
}

// Matrices and their factors

VERSIONS void kernel_matrix_times(
    int64_t rows, int64_t columns, const float *matrix, const float *factor, float *output) {
    for (int64_t row = 0; row < rows; row++) {
        const float *numbers = matrix + row * columns;
        floats sums[4] = {{0}, {0}, {0}, {0}}, left, right;
        int64_t i = 0;
        for (; i + 4 * lane_count <= columns; i += 4 * lane_count) {
            for (int part = 0; part < 4; part++) {
                int64_t at = i + part * lane_count;
                floats products = *(const floats *)(numbers + at) * *(const floats *)(factor + at);
                sums[part] += products;
            }
        }
        for (; i < columns; i += lane_count) {
            load(&left, numbers + i, columns - i);
            load(&right, factor + i, columns - i);
            floats products = left * right;
            sums[0] += products;
        }
        floats all = (sums[0] + sums[1]) + (sums[2] + sums[3]);
        float sum = 0;
        for (int lane = 0; lane < lane_count; lane++) sum += all[lane];
        output[row] = sum;
    }
}

VERSIONS void kernel_add_rows(
    int64_t rows, int64_t columns, const float *matrix, const float *factor, float *output) {
    for (int64_t row = 0; row < rows; row++) {
        const float *numbers = matrix + row * columns;
        float weight = factor[row];
        for (int64_t i = 0; i < columns; i++) {
            float product = numbers[i] * weight;
            output[i] += product;
        }
    }
}

VERSIONS void kernel_add_outer(
    int64_t rows, int64_t columns, const float *left, const float *right, float *matrix) {
    for (int64_t row = 0; row < rows; row++) {
        float *numbers = matrix + row * columns;
        float weight = left[row];
        for (int64_t i = 0; i < columns; i++) {
            float product = right[i] * weight;
            numbers[i] += product;
        }
    }
}
