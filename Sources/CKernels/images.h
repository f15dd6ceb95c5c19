#pragma once
// How kernels walk over images in any layout: 16 channels at a time, pixel by pixel.
#include "kernels.h"

/// Up to 16 channels of one image.
struct channel_group {
    int64_t image, first_channel;
    int64_t offset;        // of the first channel's first pixel
    int64_t pixel_stride;  // from one pixel to the next
    int64_t lane_stride;   // from one channel to the next
    int lanes;
};

INLINE int64_t groups_of(const struct kernel_images *s) { return (s->channels + lane_count - 1) / lane_count; }

/// Number `index` of the batch * groups_of(s) groups.
INLINE struct channel_group group_at(const struct kernel_images *s, int64_t index) {
    int64_t groups = groups_of(s), number = index % groups;
    struct channel_group g = {.image = index / groups, .first_channel = number * lane_count};
    int64_t rest = s->channels - g.first_channel;
    g.lanes = rest < lane_count ? (int)rest : lane_count;
    int64_t start = g.image * s->channels * s->pixels;
    // Channels side by side, or each on a plane of its own.
    bool plain = s->lanes == 1 && s->channels > 1;
    g.pixel_stride = s->lanes;
    g.lane_stride = plain ? s->pixels : 1;
    g.offset = start + (s->lanes == s->channels ? g.first_channel : g.first_channel * s->pixels);
    return g;
}

INLINE bool is_whole(const struct channel_group *g) { return g->lanes == lane_count && g->lane_stride == 1; }

// Vectors go in and out by address: by value they would change the calling convention from one version to the next.

/// The numbers of one pixel; those beyond the last channel are 0.
INLINE void load_pixel(floats *v, const float *p, const struct channel_group *g, bool whole) {
    if (whole) {
        *v = *(const floats *)p;
    } else {
        *v = (floats){0};
        for (int lane = 0; lane < g->lanes; lane++) (*v)[lane] = p[lane * g->lane_stride];
    }
}

INLINE void store_pixel(float *p, const floats *v, const struct channel_group *g, bool whole) {
    if (whole) {
        *(floats *)p = *v;
    } else {
        for (int lane = 0; lane < g->lanes; lane++) p[lane * g->lane_stride] = (*v)[lane];
    }
}

/// One number for each channel of the group, from an array of channels.
INLINE void load_channels(floats *v, const float *p, const struct channel_group *g) {
    *v = (floats){0};
    for (int lane = 0; lane < g->lanes; lane++) (*v)[lane] = p[lane];
}

INLINE void store_channels(float *p, const floats *v, const struct channel_group *g) {
    for (int lane = 0; lane < g->lanes; lane++) p[lane] = (*v)[lane];
}

// A bit for each channel of a pixel: whether a ReLU let it pass.
typedef bool flags __attribute__((ext_vector_type(16)));

INLINE uint16_t pack(const words *mask) {
    return __builtin_bit_cast(uint16_t, __builtin_convertvector(*mask, flags));
}

INLINE void unpack(words *mask, uint16_t bits) {
    *mask = (words){0} - __builtin_convertvector(__builtin_bit_cast(flags, bits), words);
}
