// The largest numbers of many, exactly: of equal ones those that come first. A number's magnitude is compared by its
// pattern of bits, so that NaN is the largest of all.
#include "kernels.h"

typedef bool bits __attribute__((ext_vector_type(16)));

enum { magnitude = 0x7fffffff, sample_count = 8192, bucket_count = 2048 };

INLINE uint32_t pattern_of(float number) {
    uint32_t pattern;
    memcpy(&pattern, &number, sizeof number);
    return pattern & magnitude;
}

/// The magnitude of the `wanted`th largest, and how many of those that equal it are among the largest.
struct boundary {
    uint32_t pattern;
    int64_t equals;
};

static void count_buckets(
    int64_t count, const float *values, int shift, int width, uint32_t prefix, uint32_t counts[4][bucket_count]) {
    memset(counts, 0, 4 * bucket_count * sizeof(uint32_t));
    uint32_t last = (1u << width) - 1;
    // Neighbours often fall into one bucket: four tables keep them from waiting for each other.
    for (int64_t i = 0; i < count; i++) {
        uint32_t pattern = pattern_of(values[i]);
        if ((uint64_t)pattern >> (shift + width) != prefix) continue;
        counts[i & 3][pattern >> shift & last]++;
    }
}

static struct boundary boundary_of(int64_t count, const float *values, int64_t wanted) {
    static const int widths[3] = {11, 10, 10};
    uint32_t counts[4][bucket_count], prefix = 0;
    int shift = 31;
    for (int level = 0; level < 3; level++) {
        shift -= widths[level];
        count_buckets(count, values, shift, widths[level], prefix, counts);
        uint32_t bucket = (1u << widths[level]) - 1;
        for (;; bucket--) {
            int64_t here = (int64_t)counts[0][bucket] + counts[1][bucket] + counts[2][bucket] + counts[3][bucket];
            if (wanted <= here || bucket == 0) break;
            wanted -= here;
        }
        prefix = prefix << widths[level] | bucket;
    }
    return (struct boundary){prefix, wanted};
}

/// The places of all numbers beyond the boundary, and of so many that equal it; -1 when they are more than `room`.
VERSIONS static int64_t collect(
    int64_t count, const float *values, struct boundary boundary, uint32_t *places, int64_t room) {
    int64_t found = 0, i = 0;
    int32_t least = (int32_t)boundary.pattern;
    for (; i + lane_count <= count; i += lane_count) {
        words pattern = *(const words *)(values + i) & magnitude;
        bits reached = __builtin_convertvector(pattern >= least, bits);
        uint16_t hits;
        memcpy(&hits, &reached, sizeof hits);
        for (; hits != 0; hits &= (uint16_t)(hits - 1)) {
            int64_t place = i + __builtin_ctz(hits);
            if (pattern_of(values[place]) == boundary.pattern && boundary.equals-- <= 0) continue;
            if (found == room) return -1;
            places[found++] = (uint32_t)place;
        }
    }
    for (; i < count; i++) {
        uint32_t pattern = pattern_of(values[i]);
        if (pattern < boundary.pattern || (pattern == boundary.pattern && boundary.equals-- <= 0)) continue;
        if (found == room) return -1;
        places[found++] = (uint32_t)i;
    }
    return found;
}

/// A magnitude that a few more than `wanted` numbers reach, guessed by a sample; `scratch` holds the sample.
static uint32_t guess(int64_t count, const float *values, int64_t wanted, float *scratch) {
    int64_t step = count / sample_count;
    for (int64_t i = 0; i < sample_count; i++) scratch[i] = values[i * step];
    double expected = (double)wanted / (double)count * sample_count;
    double spread = 1;
    while (spread * spread < expected) spread++;
    int64_t rank = (int64_t)(expected + 4 * spread) + 1;
    return boundary_of(sample_count, scratch, rank < sample_count ? rank : sample_count).pattern;
}

int64_t kernel_top_room(int64_t wanted) { return 3 * wanted + sample_count; }

void kernel_top(int64_t count, const float *values, int64_t wanted, uint32_t *places, float *scratch) {
    int64_t room = kernel_top_room(wanted), candidates = -1;
    if (count >= 4 * sample_count && wanted < count / 4) {
        struct boundary guessed = {guess(count, values, wanted, scratch), INT64_MAX};
        candidates = collect(count, values, guessed, places, room);
    }
    if (candidates < wanted) {
        collect(count, values, boundary_of(count, values, wanted), places, wanted);
        return;
    }
    for (int64_t i = 0; i < candidates; i++) scratch[i] = values[places[i]];
    struct boundary exact = boundary_of(candidates, scratch, wanted);
    int64_t kept = 0;
    for (int64_t i = 0; i < candidates && kept < wanted; i++) {
        uint32_t pattern = pattern_of(scratch[i]);
        if (pattern > exact.pattern || (pattern == exact.pattern && exact.equals-- > 0)) places[kept++] = places[i];
    }
}
