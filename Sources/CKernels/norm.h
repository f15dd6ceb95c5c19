#pragma once
// What the kernels of norms share.
#include "images.h"

/// How many means, and as many of each other coefficient, a norm has.
INLINE int64_t coefficient_count(const struct kernel_norm *s) {
    return (s->groups > 0 ? s->images.batch : 1) * s->images.channels;
}

/// Where the coefficients of a group of channels begin within each of the four arrays.
INLINE int64_t coefficient_start(const struct kernel_norm *s, const struct channel_group *g) {
    return (s->groups > 0 ? g->image * s->images.channels : 0) + g->first_channel;
}
