#pragma once
// Our own kernels: what oneDNN lacks or does slowly. Each is compiled for several instruction sets and picks one when
// the program starts; each may split its work over a team of threads, and gives the same bits for any size of team.
#include <stdbool.h>
#include <stdint.h>

/// A pooling over planes of pixels of `lanes` channels each: (plane, height, width, lane). Plain images have 1 lane and
/// batch * channels planes, channels-last ones `channels` lanes and batch planes, blocked ones 16 lanes.
struct kernel_pooling {
    int64_t planes, lanes;
    int64_t input_height, input_width, output_height, output_width;
    int64_t kernel, stride, padding;
    bool rectified;  // a ReLU comes before the pooling
};

/// output = the largest of each window (of 0, too, when rectified), chosen = its number within the window, row-major.
/// The first of equals wins; a NaN wins over all.
void kernel_max_pool(
    const struct kernel_pooling *shape, const float *input, float *output, uint8_t *chosen, int threads);
/// input_gradient = the output's gradient at the chosen pixels (where output > 0, when rectified), 0 elsewhere.
void kernel_max_pool_backward(
    const struct kernel_pooling *shape, const float *output_gradient, const float *output, const uint8_t *chosen,
    float *input_gradient, int threads);
/// The mean over each window, its padding counted as zeros.
void kernel_average_pool(const struct kernel_pooling *shape, const float *input, float *output, int threads);
void kernel_average_pool_backward(
    const struct kernel_pooling *shape, const float *output_gradient, float *input_gradient, int threads);

enum kernel_activation { kernel_relu, kernel_sigmoid, kernel_tanh };

/// output = activation(input); the two may be the same block.
void kernel_activate(
    enum kernel_activation activation, int64_t count, const float *input, float *output, int threads);
/// gradient *= the activation's derivative, told from the activation's output.
void kernel_activate_backward(
    enum kernel_activation activation, int64_t count, const float *output, float *gradient, int threads);

/// matrix (rows, columns) += bias (columns), then max(0, x) when rectified.
void kernel_add_bias(
    int64_t rows, int64_t columns, const float *bias, bool rectified, float *matrix, int threads);
/// bias_gradient = the sum of the rows of `gradient` (rows, columns).
void kernel_sum_rows(int64_t rows, int64_t columns, const float *gradient, float *bias_gradient, int threads);

/// output = input * mask * scale; the two may be the same block.
void kernel_mask(
    int64_t count, const float *input, const uint8_t *mask, float scale, float *output, int threads);
/// output = input * scale.
void kernel_scale(int64_t count, const float *input, float scale, float *output, int threads);

/// Tells the allocation counter of `script/count-allocations`, when it is loaded, that the window in which it counts
/// opens or closes.
void kernel_allocation_window(bool open);

/// A 3 x 3 convolution of stride 1 whose output goes through ReLU and 2 x 2 max-pooling. Only one pixel of four has a
/// gradient behind such a pooling, and these kernels visit no other: a quarter of the multiplications, without rounding
/// of their own. Images blocked by 16 channels (batch, channels / 16, height, width, 16) on both sides.
struct kernel_routed {
    int64_t batch, input_channels, output_channels;
    int64_t input_height, input_width, padding;
    int64_t pooled_height, pooled_width;
};

/// Floats of scratch memory that the kernels below need.
int64_t kernel_routed_weights_scratch(const struct kernel_routed *shape, int threads);
int64_t kernel_routed_data_scratch(const struct kernel_routed *shape, int threads);
/// The gradient of weights (outputs, inputs, 3, 3) and bias (NULL for none) from the gradient behind the pooling, the
/// pooling's output and its chosen pixels.
void kernel_routed_weights(
    const struct kernel_routed *shape, const float *input, const float *pooled_gradient, const float *pooled,
    const uint8_t *chosen, float *weights_gradient, float *bias_gradient, float *scratch, int threads);
/// The gradient of the convolution's input, from the same.
void kernel_routed_data(
    const struct kernel_routed *shape, const float *weights, const float *pooled_gradient, const float *pooled,
    const uint8_t *chosen, float *input_gradient, float *scratch, int threads);

/// A dense layer that ends in a ReLU: the gradients that the ReLU stopped, about half of them, are left out of the
/// products. `inputs` is a multiple of 16.
struct kernel_gated {
    int64_t batch, inputs, outputs;
};

/// Floats of scratch memory that the kernel below needs.
int64_t kernel_gated_scratch(const struct kernel_gated *shape);
/// The gradients of weights (outputs, inputs) and input (batch, inputs; NULL where not wanted) from the gradient
/// before the ReLU (batch, outputs).
void kernel_gated_backward(
    const struct kernel_gated *shape, const float *input, const float *weights, const float *gradient,
    float *weights_gradient, float *input_gradient, float *scratch, int threads);
