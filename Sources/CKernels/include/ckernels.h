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

/// output = the largest of each window (of 0, too, when rectified), argmax = its number within the window, row-major.
/// The first of equals wins; a NaN wins over all.
void kernel_max_pool(
    const struct kernel_pooling *shape, const float *input, float *output, uint8_t *argmax, int threads);
/// input_gradient = the output's gradient at those pixels (where output > 0, when rectified), 0 elsewhere.
void kernel_max_pool_backward(
    const struct kernel_pooling *shape, const float *output_gradient, const float *output, const uint8_t *argmax,
    float *input_gradient, int threads);
/// The mean over each window, its padding counted as zeros.
void kernel_average_pool(const struct kernel_pooling *shape, const float *input, float *output, int threads);
void kernel_average_pool_backward(
    const struct kernel_pooling *shape, const float *output_gradient, float *input_gradient, int threads);

/// A batch of images, their pixels in one row. Plain images have 1 lane, channels-last ones `channels` lanes, blocked
/// ones 16.
struct kernel_images {
    int64_t batch, channels, pixels, lanes;
};

/// means (batch, channels) = the mean of each channel's pixels.
void kernel_global_average(const struct kernel_images *shape, const float *input, float *means, int threads);
void kernel_global_average_backward(
    const struct kernel_images *shape, const float *means_gradient, float *input_gradient, int threads);

enum kernel_activation { kernel_relu, kernel_sigmoid, kernel_tanh, kernel_log_sigmoid };

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

/// A dense layer that ends in a ReLU: the gradients that the ReLU stopped, about half of them, are left out of the
/// products. `inputs` is a multiple of 16.
struct kernel_relu_masked {
    int64_t batch, inputs, outputs;
};

/// Floats of scratch memory that the kernel below needs.
int64_t kernel_relu_masked_scratch(const struct kernel_relu_masked *shape);
/// The gradients of weights (outputs, inputs) and input (batch, inputs; NULL where not wanted) from the gradient
/// before the ReLU (batch, outputs).
void kernel_relu_masked_backward(
    const struct kernel_relu_masked *shape, const float *input, const float *weights, const float *gradient,
    float *weights_gradient, float *input_gradient, float *scratch, int threads);

/// A norm over images: each channel is brought to mean 0 and variance 1, over the batch when `groups` is 0, otherwise
/// within each image together with the other channels of its group; then scaled and shifted.
///
/// Mean and variance are gathered for each channel of each image around its first pixel and put together in float64, so
/// that nothing cancels and the bits do not depend on the team.
struct kernel_norm {
    struct kernel_images images;
    int64_t groups;
    float epsilon;
};

/// Floats of a norm's coefficients: for each channel (of each image, with groups) the factor and the summand that the
/// norm comes to, the mean and the reciprocal standard deviation.
int64_t kernel_norm_coefficients(const struct kernel_norm *shape);
/// Floats of scratch memory that the measuring kernels need.
int64_t kernel_norm_scratch(const struct kernel_norm *shape);
/// coefficients = those of `input`. `mean` and `variance` (channels; NULL when not wanted; batch-norm only) take the
/// statistics of the batch, the variance unbiased.
void kernel_norm_measure(
    const struct kernel_norm *shape, const float *input, const float *scale, const float *shift, float *coefficients,
    float *mean, float *variance, float *scratch, int threads);
/// coefficients = those of given statistics, batch-norm only.
void kernel_norm_given(
    const struct kernel_norm *shape, const float *scale, const float *shift, const float *mean, const float *variance,
    float *coefficients);
/// The same in two steps, batch-norm only, for a batch whose images are spread over several peers. First the moments of
/// the images that are here: moments (2, channels) = each channel's mean, and the sum of squared distances from it.
void kernel_norm_moments(
    const struct kernel_norm *shape, const float *input, float *moments, float *scratch, int threads);
/// Then those of all: from `moments` (parts, 2, channels) of so many `images` (parts) each. Mean and variance as above.
void kernel_norm_join(
    const struct kernel_norm *shape, int64_t parts, const int64_t *images, const float *moments, const float *scale,
    const float *shift, float *coefficients, float *mean, float *variance);

/// The images that a norm or a sum of branches works on: a term times its coefficients, or the plain term where those
/// are NULL.
struct kernel_term {
    const float *values, *coefficients;
};

/// output = first + second, then max(0, x) when rectified, of which `relu_mask` (16 bits for each pixel and 16
/// channels; NULL in inference) keeps where x was above 0. `second.values` may be NULL; the output may be one of the
/// inputs.
void kernel_norm_apply(
    const struct kernel_norm *shape, struct kernel_term first, struct kernel_term second, bool rectified,
    float *output, uint16_t *relu_mask, int threads);

/// The gradient of what `kernel_norm_apply` gave: the sum of one or two (`second` may be NULL), 0 where `relu_mask`
/// (NULL without ReLU) says so.
struct kernel_branch_gradient {
    const float *first, *second;
    const uint16_t *relu_mask;
};

/// sum = the gradient as one block of images, which may be one of its own.
void kernel_branch_gradient_sum(
    const struct kernel_images *shape, struct kernel_branch_gradient gradient, float *sum, int threads);
/// scale_gradient, shift_gradient = those of the norm; slopes = the coefficients of `kernel_norm_backward`, as many as
/// `kernel_norm_coefficients`. Writes the gradient to `sum` on the way unless that is NULL.
void kernel_norm_measure_backward(
    const struct kernel_norm *shape, struct kernel_branch_gradient gradient, const float *input, const float *scale,
    const float *coefficients, float *scale_gradient, float *shift_gradient, float *slopes, float *sum, float *scratch,
    int threads);
/// The same in two steps, batch-norm only. First the gradients of scale and shift, and sums (2, channels), which are to
/// be added up over all peers.
void kernel_norm_sum_backward(
    const struct kernel_norm *shape, struct kernel_branch_gradient gradient, const float *input,
    const float *coefficients, float *scale_gradient, float *shift_gradient, float *sums, float *sum, float *scratch,
    int threads);
/// Then the slopes, from the sums over `images` images.
void kernel_norm_slopes(
    const struct kernel_norm *shape, int64_t images, const float *sums, const float *scale, const float *coefficients,
    float *slopes);
/// input_gradient = that of the norm's input; may be the gradient's first block.
void kernel_norm_backward(
    const struct kernel_norm *shape, struct kernel_branch_gradient gradient, const float *input, const float *slopes,
    float *input_gradient, int threads);

/// EvoNorm-S0: output = input * gate * factor + shift, the gate sigmoid(curve * input), with the curve, the factor
/// (the first of the coefficients of `kernel_norm_measure`) and the shift of each channel. Without a curve (NULL)
/// output = input * scale + shift.
void kernel_evonorm(
    const struct kernel_norm *shape, const float *input, const float *scale, const float *shift, const float *curve,
    const float *coefficients, float *output, int threads);
/// Floats of scratch memory that the kernel below needs.
int64_t kernel_evonorm_scratch(const struct kernel_norm *shape);
/// The gradients of scale, shift, curve (NULL without one) and input (NULL where not wanted), which may not be the
/// block of the output's gradient.
void kernel_evonorm_backward(
    const struct kernel_norm *shape, const float *input, const float *gradient, const float *scale, const float *curve,
    const float *coefficients, float *scale_gradient, float *shift_gradient, float *curve_gradient,
    float *input_gradient, float *scratch, int threads);

/// A convolution of 3 x 3 with stride 1 on images in blocks of 16 channels, by Winograd's algorithm. The channels are
/// multiples of 16, the padding is 0 or 1, height and width are the input's.
struct kernel_winograd {
    int64_t batch, inputs, outputs, height, width, padding;
};

/// Floats that each of the three passes needs for scratch.
int64_t kernel_winograd_scratch(const struct kernel_winograd *shape, int threads);
/// output = the convolution of the input with weights (outputs, inputs, 3, 3), plus bias (outputs) if there is one,
/// then max(0, x) when rectified.
void kernel_winograd_forward(
    const struct kernel_winograd *shape, const float *input, const float *weights, const float *bias, bool rectified,
    float *output, float *scratch, int threads);
void kernel_winograd_backward_data(
    const struct kernel_winograd *shape, const float *output_gradient, const float *weights, float *input_gradient,
    float *scratch, int threads);

/// Floats that the gradient of the weights needs for scratch.
int64_t kernel_winograd_weights_scratch(const struct kernel_winograd *shape, int threads);
/// The gradients of weights and bias (null for none). Adds up in as many parts as there are threads.
void kernel_winograd_backward_weights(
    const struct kernel_winograd *shape, const float *input, const float *output_gradient, float *weights_gradient,
    float *bias_gradient, float *scratch, int threads);

/// The square root as the processor's instruction has it. Swift's own `squareRoot()` asks C's function about numbers
/// below zero, and a loop with that question in it takes one number at a time.
static inline float kernel_square_root(float number) { return __builtin_elementwise_sqrt(number); }

/// Has numbers below the least normal one count as 0 on the calling thread, as operands and as results, and gives back
/// what held before, to be restored. Where the processor has no such mode, nothing changes.
uint32_t kernel_flush_denormals(void);
void kernel_restore_denormals(uint32_t before);

/// Has the processor fetch what will be read soon.
static inline void kernel_prefetch(uintptr_t address, long bytes) {
    for (long at = 0; at < bytes; at += 64) __builtin_prefetch((const char *)(address + at));
}

// Compression. All of these give the same bits on every processor.

/// output = a bit for each number, 1 where it is negative, in (count + 7) / 8 bytes; returns the mean magnitude.
float kernel_sign_encode(int64_t count, const float *values, uint8_t *output);
/// values = the norm with each number's sign; `past` the caches where that is better: of so many numbers nothing would
/// be left there, and a processor that writes whole lines need not read them before.
void kernel_sign_decode(int64_t count, const uint8_t *input, float norm, float *values, bool past);
/// output = a signed byte for each number; returns what a byte's unit stands for, the largest magnitude / 127.
float kernel_int8_encode(int64_t count, const float *values, uint8_t *output);
void kernel_int8_decode(int64_t count, const uint8_t *input, float scale, float *values, bool past);
/// Two bytes for each number, rounded to the nearest.
void kernel_bf16_encode(int64_t count, const float *values, uint8_t *output);
void kernel_bf16_decode(int64_t count, const uint8_t *input, float *values);
void kernel_fp16_encode(int64_t count, const float *values, uint8_t *output);
void kernel_fp16_decode(int64_t count, const uint8_t *input, float *values);
/// output = for each eight numbers `width` bytes of codes, sign and level; the level is chosen by chance, drawn from
/// the seed and the number's place, which begins at `place`. Returns the Euclidean norm.
float kernel_qsgd_encode(
    int64_t count, const float *values, int width, uint64_t seed, int64_t place, uint8_t *output);
/// values = level * unit, with its sign.
void kernel_qsgd_decode(int64_t count, const uint8_t *input, int width, float unit, float *values);

/// How many places and floats of scratch memory `kernel_top` needs.
int64_t kernel_top_room(int64_t wanted);
/// places = those of the `wanted` numbers (at least 1, at most count) of largest magnitude, in ascending order.
void kernel_top(int64_t count, const float *values, int64_t wanted, uint32_t *places, float *scratch);

/// output (rows) = matrix (rows, columns) * factor (columns).
void kernel_matrix_times(int64_t rows, int64_t columns, const float *matrix, const float *factor, float *output);
/// output (columns) += the matrix's rows, each times its number of `factor` (rows).
void kernel_add_rows(int64_t rows, int64_t columns, const float *matrix, const float *factor, float *output);
/// matrix (rows, columns) += left (rows) * right (columns).
void kernel_add_outer(int64_t rows, int64_t columns, const float *left, const float *right, float *matrix);
