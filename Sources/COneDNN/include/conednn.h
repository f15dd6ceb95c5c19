#pragma once
// What the project needs of oneDNN, in terms that do not change between its versions 2 and 3: versions.h alone knows
// which one is installed. Functions return 0 or oneDNN's status code. Nothing here keeps state between calls except the
// one engine, which oneDNN allows all threads to share.
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// How an image tensor (batch, channels, height, width) lies in memory.
enum conednn_layout {
    conednn_plain,          // batch, channels, height, width
    conednn_channels_last,  // batch, height, width, channels
    conednn_blocked,        // batch, channels / 16, height, width, 16
};

/// The tensors that a primitive reads and writes. A gradient's tensor has the same role as the tensor it belongs to.
enum conednn_role {
    conednn_source,
    conednn_weights,
    conednn_bias,
    conednn_destination,
    conednn_scratchpad,
    conednn_role_count,
};

/// Which of a convolution's three computations.
enum conednn_pass { conednn_forward, conednn_backward_data, conednn_backward_weights };

struct conednn_convolution {
    int64_t batch, input_channels, input_height, input_width;
    int64_t output_channels, output_height, output_width;
    int64_t kernel, stride, padding;
    enum conednn_layout input_layout, output_layout;
    bool has_bias;    // backward to the weights also gives the bias's gradient
    bool rectified;   // forward ends in max(0, x)
    bool bfloat16;    // what is multiplied is bf16; sums, and so results, are float32
};

/// A product of plain matrices of bf16: C (rows, columns), float32, = op(A) op(B), where op is the transpose of what
/// lies in memory row by row, or nothing.
struct conednn_product {
    int64_t rows, columns, inner;
    bool transposes_left, transposes_right;
};

/// A primitive with the memory objects of its arguments. Used by one thread at a time.
typedef struct conednn_primitive conednn_primitive;

int conednn_convolution_create(
    conednn_primitive **result, enum conednn_pass pass, const struct conednn_convolution *shape);
/// Copies the weights between plain (outputs, inputs, kernel, kernel) order and the order that `convolution` wants:
/// into it with `into_kernel_order`, out of it otherwise.
int conednn_weights_reorder_create(
    conednn_primitive **result, const conednn_primitive *convolution, const struct conednn_convolution *shape,
    bool into_kernel_order);
/// Copies an image tensor from one layout to another; `shape` holds batch, channels, height and width.
int conednn_image_reorder_create(
    conednn_primitive **result, const int64_t shape[4], enum conednn_layout from, enum conednn_layout to);
/// The product of `conednn_source` and `conednn_weights`, into `conednn_destination`.
int conednn_product_create(conednn_primitive **result, const struct conednn_product *shape);
/// Rounds `count` float32 numbers to bf16, to the nearest, ties to even.
int conednn_bfloat16_create(conednn_primitive **result, int64_t count);
void conednn_destroy(conednn_primitive *primitive);

/// Bytes of that argument in the layout the primitive wants; 0 when it takes no such argument.
size_t conednn_bytes(const conednn_primitive *primitive, enum conednn_role role);
/// Says where that argument lies from now on.
int conednn_place(conednn_primitive *primitive, enum conednn_role role, void *address);
/// Computes, with all arguments placed, and returns when done.
int conednn_execute(conednn_primitive *primitive);

/// C = op(A) op(B), row-major; op is the transpose for 'T' and nothing for 'N'. A stride is the distance between two
/// rows as they lie in memory.
int conednn_matrix_product(
    char transpose_a, char transpose_b, int64_t rows, int64_t columns, int64_t inner, const float *a, int64_t stride_a,
    const float *b, int64_t stride_b, float *c, int64_t stride_c);

/// Sets how many threads oneDNN uses for primitives that the calling thread makes or runs from now on.
void conednn_set_thread_count(int count);
/// Whether oneDNN uses AVX-512 here, and so computes fastest on blocks of 16 channels.
bool conednn_prefers_blocks(void);
/// Whether oneDNN has kernels for bf16 here, and not only its reference code.
bool conednn_has_bfloat16(void);
/// Whether those compute on tiles (AMX), and so take images channels-last alone.
bool conednn_has_tiles(void);
/// The version of the library that is loaded, as major * 10000 + minor * 100 + patch.
int conednn_version(void);
