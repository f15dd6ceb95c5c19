#pragma once
// What the kernels of gradients through a max-pooling share: the tensors of one call and the copying of images with
// their padding.
#include "kernels.h"

struct sparse_arguments {
    struct kernel_max_pool_sparse shape;
    const float *input, *weights, *pooled_gradient, *pooled;
    const uint8_t *argmax;
    float *result, *bias_gradient, *scratch;
    int64_t scratch_per_member;
};

/// One gradient that has found its pixel: how much, and where the other operand of its products begins, in floats.
struct entry { float gradient; int32_t offset; };

enum { taps = 9 };

INLINE int64_t padded_width(const struct kernel_max_pool_sparse *s) { return s->input_width + 2 * s->padding; }
INLINE int64_t padded_pixels(const struct kernel_max_pool_sparse *s) {
    return (s->input_height + 2 * s->padding) * padded_width(s);
}
INLINE int64_t pooled_pixels(const struct kernel_max_pool_sparse *s) { return s->pooled_height * s->pooled_width; }

/// The gradients of 16 channels at one pooled pixel, 0 where the ReLU let nothing through.
INLINE void gradient_past_relu(const struct sparse_arguments *a, int64_t place, floats *gradient) {
    words open = ~(*(const floats *)(a->pooled + place) <= (floats){0});
    *gradient = (floats)(*(const words *)(a->pooled_gradient + place) & open);
}
