#pragma once
// What oneDNN's versions 2 and 3 say differently: 2 describes an operation and then makes its primitive's descriptor,
// and its tensors' descriptors are values; 3 does it in one call, and its descriptors are handles.
#include "conednn.h"

#include <dnnl.h>
#include <string.h>

#define TRY(call)                                      \
    do {                                               \
        dnnl_status_t status_ = (call);                \
        if (status_ != dnnl_success) return status_;   \
    } while (0)

/// A tensor's descriptor as functions take it and queries give it.
#if DNNL_VERSION_MAJOR == 2
typedef const dnnl_memory_desc_t *tensor_reference;
#elif DNNL_VERSION_MAJOR == 3
typedef const_dnnl_memory_desc_t tensor_reference;
#else
#error "this file speaks to oneDNN 2.x and 3.x"
#endif

/// The descriptor of a tensor that we make; `tensor_destroy` ends it, also where nothing was made.
struct tensor {
    dnnl_memory_desc_t descriptor;
    bool is_made;
};

static inline int tensor_make(
    struct tensor *result, int rank, const dnnl_dims_t extents, dnnl_data_type_t type, dnnl_format_tag_t tag) {
#if DNNL_VERSION_MAJOR == 2
    TRY(dnnl_memory_desc_init_by_tag(&result->descriptor, rank, extents, type, tag));
#else
    TRY(dnnl_memory_desc_create_with_tag(&result->descriptor, rank, extents, type, tag));
#endif
    result->is_made = true;
    return dnnl_success;
}

static inline void tensor_destroy(struct tensor *tensor) {
#if DNNL_VERSION_MAJOR == 3
    if (tensor->is_made) dnnl_memory_desc_destroy(tensor->descriptor);
#endif
    tensor->is_made = false;
}

/// NULL for no tensor.
static inline tensor_reference reference(const struct tensor *tensor) {
#if DNNL_VERSION_MAJOR == 2
    return tensor && tensor->is_made ? &tensor->descriptor : NULL;
#else
    return tensor && tensor->is_made ? tensor->descriptor : NULL;
#endif
}

static inline int append_relu(dnnl_post_ops_t operations) {
#if DNNL_VERSION_MAJOR == 2
    return dnnl_post_ops_append_eltwise(operations, 1, dnnl_eltwise_relu, 0, 0);
#else
    return dnnl_post_ops_append_eltwise(operations, dnnl_eltwise_relu, 0, 0);
#endif
}

/// The tensors of a convolution and its window; `bias` may be no tensor.
struct convolution {
    struct tensor input, weights, bias, output;
    dnnl_dims_t strides, padding;
    /// Whether oneDNN's implementation for windows of one pixel is passed over.
    bool avoids_one_pixel;
};

static inline bool is_for_one_pixel(const_dnnl_primitive_desc_t descriptor) {
    const char *name = NULL;
    dnnl_primitive_desc_query(descriptor, dnnl_query_impl_info_str, 0, &name);
    return name && strncmp(name, "jit_1x1", 7) == 0;
}

#if DNNL_VERSION_MAJOR == 2
/// The first implementation of the operation that is not for windows of one pixel.
static inline int other_implementation(
    dnnl_primitive_desc_t *result, const dnnl_convolution_desc_t *operation, const_dnnl_primitive_attr_t attributes,
    dnnl_engine_t engine, const_dnnl_primitive_desc_t forward) {
    dnnl_primitive_desc_iterator_t implementations;
    TRY(dnnl_primitive_desc_iterator_create(&implementations, operation, attributes, engine, forward));
    int status = dnnl_success;
    while (!status) {
        *result = dnnl_primitive_desc_iterator_fetch(implementations);
        if (!*result || !is_for_one_pixel(*result)) break;
        dnnl_primitive_desc_destroy(*result);
        *result = NULL;
        status = dnnl_primitive_desc_iterator_next(implementations);
    }
    dnnl_primitive_desc_iterator_destroy(implementations);
    return *result ? dnnl_success : dnnl_unimplemented;
}
#endif

static inline int convolution_descriptor_make(
    dnnl_primitive_desc_t *result, enum conednn_pass pass, const struct convolution *c, dnnl_engine_t engine,
    const_dnnl_primitive_attr_t attributes, const_dnnl_primitive_desc_t forward) {
    tensor_reference input = reference(&c->input), weights = reference(&c->weights);
    tensor_reference bias = reference(&c->bias), output = reference(&c->output);
    const dnnl_alg_kind_t direct = dnnl_convolution_direct;
#if DNNL_VERSION_MAJOR == 2
    dnnl_convolution_desc_t operation;
    switch (pass) {
    case conednn_forward:
        TRY(dnnl_convolution_forward_desc_init(
            &operation, dnnl_forward_training, direct, input, weights, bias, output, c->strides, c->padding,
            c->padding));
        break;
    case conednn_backward_data:
        TRY(dnnl_convolution_backward_data_desc_init(
            &operation, direct, input, weights, output, c->strides, c->padding, c->padding));
        break;
    case conednn_backward_weights:
        TRY(dnnl_convolution_backward_weights_desc_init(
            &operation, direct, input, weights, bias, output, c->strides, c->padding, c->padding));
        break;
    }
    if (c->avoids_one_pixel) return other_implementation(result, &operation, attributes, engine, forward);
    return dnnl_primitive_desc_create(result, &operation, attributes, engine, forward);
#else
    const dnnl_dims_t dilation = {0, 0};
    switch (pass) {
    case conednn_forward:
        return dnnl_convolution_forward_primitive_desc_create(
            result, engine, dnnl_forward_training, direct, input, weights, bias, output, c->strides, dilation,
            c->padding, c->padding, attributes);
    case conednn_backward_data:
        return dnnl_convolution_backward_data_primitive_desc_create(
            result, engine, direct, input, weights, output, c->strides, dilation, c->padding, c->padding,
            forward, attributes);
    case conednn_backward_weights:
        TRY(dnnl_convolution_backward_weights_primitive_desc_create(
            result, engine, direct, input, weights, bias, output, c->strides, dilation, c->padding, c->padding,
            forward, attributes));
        while (c->avoids_one_pixel && is_for_one_pixel(*result)) TRY(dnnl_primitive_desc_next_impl(*result));
        return dnnl_success;
    }
    return dnnl_invalid_arguments;
#endif
}

static inline int product_descriptor_make(
    dnnl_primitive_desc_t *result, tensor_reference left, tensor_reference right, tensor_reference product,
    dnnl_engine_t engine, const_dnnl_primitive_attr_t attributes) {
#if DNNL_VERSION_MAJOR == 2
    dnnl_matmul_desc_t operation;
    TRY(dnnl_matmul_desc_init(&operation, left, right, NULL, product));
    return dnnl_primitive_desc_create(result, &operation, attributes, engine, NULL);
#else
    return dnnl_matmul_primitive_desc_create(result, engine, left, right, NULL, product, attributes);
#endif
}
