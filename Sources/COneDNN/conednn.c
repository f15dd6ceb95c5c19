#include "conednn.h"
#include "versions.h"

#include <stdlib.h>

// Of libgomp, whose header comes with GCC only.
extern void omp_set_num_threads(int count);

struct conednn_primitive {
    dnnl_primitive_t primitive;
    dnnl_stream_t stream;
    int count;
    dnnl_exec_arg_t arguments[conednn_role_count];
    enum conednn_role roles[conednn_role_count];
    void *addresses[conednn_role_count];
};

/// The one engine: oneDNN's CPU engine holds no state that primitives share.
static int cpu_engine(dnnl_engine_t *result) {
    static dnnl_engine_t engine;
    dnnl_engine_t found = __atomic_load_n(&engine, __ATOMIC_ACQUIRE);
    if (!found) {
        dnnl_engine_t made, expected = NULL;
        TRY(dnnl_engine_create(&made, dnnl_cpu, 0));
        if (__atomic_compare_exchange_n(&engine, &expected, made, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
            found = made;
        } else {
            dnnl_engine_destroy(made);
            found = expected;
        }
    }
    *result = found;
    return 0;
}

static dnnl_format_tag_t image_tag(enum conednn_layout layout) {
    switch (layout) {
    case conednn_plain: return dnnl_nchw;
    case conednn_channels_last: return dnnl_nhwc;
    case conednn_blocked: return dnnl_nChw16c;
    }
    return dnnl_format_tag_undef;
}

/// Adds an argument that the primitive described by `descriptor` knows as `query`, number `index`.
static int add_argument(
    conednn_primitive *primitive, const_dnnl_primitive_desc_t descriptor, enum conednn_role role, int argument,
    dnnl_query_t query, int index) {
    tensor_reference memory = dnnl_primitive_desc_query_md(descriptor, query, index);
    if (!memory || dnnl_memory_desc_get_size(memory) == 0) return 0;
    dnnl_engine_t engine;
    TRY(cpu_engine(&engine));
    dnnl_exec_arg_t *slot = &primitive->arguments[primitive->count];
    slot->arg = argument;
    TRY(dnnl_memory_create(&slot->memory, memory, engine, DNNL_MEMORY_NONE));
    primitive->roles[primitive->count++] = role;
    return 0;
}

/// Makes the primitive of a descriptor, with its stream and its scratchpad argument.
static int begin(conednn_primitive **result, const_dnnl_primitive_desc_t descriptor) {
    conednn_primitive *made = calloc(1, sizeof *made);
    if (!made) return dnnl_out_of_memory;
    *result = made;
    dnnl_engine_t engine;
    TRY(cpu_engine(&engine));
    TRY(dnnl_primitive_create(&made->primitive, descriptor));
    TRY(dnnl_stream_create(&made->stream, engine, dnnl_stream_default_flags));
    return add_argument(
        made, descriptor, conednn_scratchpad, DNNL_ARG_SCRATCHPAD, dnnl_query_scratchpad_md, 0);
}

static int add_convolution_arguments(
    conednn_primitive *made, const_dnnl_primitive_desc_t descriptor, enum conednn_pass pass, bool has_bias) {
    switch (pass) {
    case conednn_forward:
        TRY(add_argument(made, descriptor, conednn_source, DNNL_ARG_SRC, dnnl_query_src_md, 0));
        TRY(add_argument(made, descriptor, conednn_weights, DNNL_ARG_WEIGHTS, dnnl_query_weights_md, 0));
        if (has_bias) TRY(add_argument(made, descriptor, conednn_bias, DNNL_ARG_BIAS, dnnl_query_weights_md, 1));
        return add_argument(made, descriptor, conednn_destination, DNNL_ARG_DST, dnnl_query_dst_md, 0);
    case conednn_backward_data:
        TRY(add_argument(made, descriptor, conednn_source, DNNL_ARG_DIFF_SRC, dnnl_query_diff_src_md, 0));
        TRY(add_argument(made, descriptor, conednn_weights, DNNL_ARG_WEIGHTS, dnnl_query_weights_md, 0));
        return add_argument(made, descriptor, conednn_destination, DNNL_ARG_DIFF_DST, dnnl_query_diff_dst_md, 0);
    case conednn_backward_weights:
        TRY(add_argument(made, descriptor, conednn_source, DNNL_ARG_SRC, dnnl_query_src_md, 0));
        TRY(add_argument(
            made, descriptor, conednn_weights, DNNL_ARG_DIFF_WEIGHTS, dnnl_query_diff_weights_md, 0));
        if (has_bias) {
            TRY(add_argument(made, descriptor, conednn_bias, DNNL_ARG_DIFF_BIAS, dnnl_query_diff_weights_md, 1));
        }
        return add_argument(made, descriptor, conednn_destination, DNNL_ARG_DIFF_DST, dnnl_query_diff_dst_md, 0);
    }
    return dnnl_invalid_arguments;
}

/// Scratch memory is given by the caller: oneDNN's own belongs to the thread that made the primitive, and ours move
/// between threads.
static int make_attributes(dnnl_primitive_attr_t *result, bool rectified) {
    TRY(dnnl_primitive_attr_create(result));
    TRY(dnnl_primitive_attr_set_scratchpad_mode(*result, dnnl_scratchpad_mode_user));
    if (rectified) {
        dnnl_post_ops_t after;
        TRY(dnnl_post_ops_create(&after));
        int status = append_relu(after);
        if (status == dnnl_success) status = dnnl_primitive_attr_set_post_ops(*result, after);
        dnnl_post_ops_destroy(after);
        return status;
    }
    return 0;
}

/// The tensors of a pass; `convolution_end` ends them, also where this fails.
static int convolution_begin(
    struct convolution *c, enum conednn_pass pass, const struct conednn_convolution *s) {
    dnnl_dims_t input = {s->batch, s->input_channels, s->input_height, s->input_width};
    dnnl_dims_t weights = {s->output_channels, s->input_channels, s->kernel, s->kernel};
    dnnl_dims_t bias = {s->output_channels};
    dnnl_dims_t output = {s->batch, s->output_channels, s->output_height, s->output_width};
    // Of bf16 is what a pass multiplies; what it sums up is float32.
    dnnl_data_type_t factor = s->bfloat16 ? dnnl_bf16 : dnnl_f32;
    dnnl_data_type_t input_type = pass == conednn_backward_data ? dnnl_f32 : factor;
    dnnl_data_type_t weights_type = pass == conednn_backward_weights ? dnnl_f32 : factor;
    dnnl_data_type_t output_type = pass == conednn_forward ? dnnl_f32 : factor;
    c->strides[0] = c->strides[1] = s->stride;
    c->padding[0] = c->padding[1] = s->padding;
    // oneDNN gathers the pixels that the stride leaves in a workspace, and where the channels do not fill its vectors
    // it writes past the end: the gradient is wrong, or memory is (oneDNN issue 6035; seen with 2.6 on AVX2).
    c->avoids_one_pixel = pass == conednn_backward_weights && s->kernel == 1 && s->stride > 1
        && s->input_layout == conednn_channels_last && s->input_channels % (conednn_prefers_blocks() ? 16 : 8) != 0;
    TRY(tensor_make(&c->input, 4, input, input_type, image_tag(s->input_layout)));
    TRY(tensor_make(&c->weights, 4, weights, weights_type, dnnl_format_tag_any));
    if (s->has_bias) TRY(tensor_make(&c->bias, 1, bias, dnnl_f32, dnnl_a));
    return tensor_make(&c->output, 4, output, output_type, image_tag(s->output_layout));
}

static void convolution_end(struct convolution *c) {
    tensor_destroy(&c->input);
    tensor_destroy(&c->weights);
    tensor_destroy(&c->bias);
    tensor_destroy(&c->output);
}

static int convolution_descriptor(
    dnnl_primitive_desc_t *result, enum conednn_pass pass, const struct conednn_convolution *shape,
    const_dnnl_primitive_attr_t attributes, const_dnnl_primitive_desc_t forward) {
    dnnl_engine_t engine;
    TRY(cpu_engine(&engine));
    struct convolution c = {0};
    int status = convolution_begin(&c, pass, shape);
    if (!status) status = convolution_descriptor_make(result, pass, &c, engine, attributes, forward);
    convolution_end(&c);
    return status;
}

int conednn_convolution_create(
    conednn_primitive **result, enum conednn_pass pass, const struct conednn_convolution *shape) {
    *result = NULL;
    dnnl_primitive_attr_t attributes = NULL;
    dnnl_primitive_desc_t forward = NULL, descriptor = NULL;
    int status = make_attributes(&attributes, pass == conednn_forward && shape->rectified);
    if (!status && pass != conednn_forward) {
        status = convolution_descriptor(&forward, conednn_forward, shape, NULL, NULL);
    }
    if (!status) status = convolution_descriptor(&descriptor, pass, shape, attributes, forward);
    if (!status) status = begin(result, descriptor);
    if (!status) status = add_convolution_arguments(*result, descriptor, pass, shape->has_bias);
    dnnl_primitive_desc_destroy(descriptor);
    dnnl_primitive_desc_destroy(forward);
    dnnl_primitive_attr_destroy(attributes);
    if (status) {
        conednn_destroy(*result);
        *result = NULL;
    }
    return status;
}

static int reorder_create(
    conednn_primitive **result, tensor_reference from, tensor_reference to) {
    *result = NULL;
    dnnl_engine_t engine;
    TRY(cpu_engine(&engine));
    dnnl_primitive_attr_t attributes = NULL;
    dnnl_primitive_desc_t descriptor = NULL;
    int status = make_attributes(&attributes, false);
    if (!status) status = dnnl_reorder_primitive_desc_create(&descriptor, from, engine, to, engine, attributes);
    if (!status) status = begin(result, descriptor);
    if (!status) {
        status = add_argument(*result, descriptor, conednn_source, DNNL_ARG_FROM, dnnl_query_src_md, 0);
    }
    if (!status) {
        status = add_argument(*result, descriptor, conednn_destination, DNNL_ARG_TO, dnnl_query_dst_md, 0);
    }
    dnnl_primitive_desc_destroy(descriptor);
    dnnl_primitive_attr_destroy(attributes);
    if (status) {
        conednn_destroy(*result);
        *result = NULL;
    }
    return status;
}

int conednn_weights_reorder_create(
    conednn_primitive **result, const conednn_primitive *convolution, const struct conednn_convolution *shape,
    bool into_kernel_order) {
    dnnl_dims_t extents = {shape->output_channels, shape->input_channels, shape->kernel, shape->kernel};
    for (int i = 0; i < convolution->count; i++) {
        if (convolution->roles[i] != conednn_weights) continue;
        tensor_reference wanted;
        TRY(dnnl_memory_get_memory_desc(convolution->arguments[i].memory, &wanted));
        struct tensor plain = {0};
        TRY(tensor_make(&plain, 4, extents, dnnl_f32, dnnl_oihw));
        int status = into_kernel_order ? reorder_create(result, reference(&plain), wanted)
                                       : reorder_create(result, wanted, reference(&plain));
        tensor_destroy(&plain);
        return status;
    }
    return dnnl_invalid_arguments;
}

/// A reorder between two descriptions of the same numbers.
static int copy_create(
    conednn_primitive **result, int rank, const dnnl_dims_t extents, dnnl_data_type_t from_type,
    dnnl_format_tag_t from_tag, dnnl_data_type_t to_type, dnnl_format_tag_t to_tag) {
    *result = NULL;
    struct tensor from = {0}, to = {0};
    int status = tensor_make(&from, rank, extents, from_type, from_tag);
    if (!status) status = tensor_make(&to, rank, extents, to_type, to_tag);
    if (!status) status = reorder_create(result, reference(&from), reference(&to));
    tensor_destroy(&from);
    tensor_destroy(&to);
    return status;
}

int conednn_image_reorder_create(
    conednn_primitive **result, const int64_t shape[4], enum conednn_layout from, enum conednn_layout to) {
    return copy_create(result, 4, shape, dnnl_f32, image_tag(from), dnnl_f32, image_tag(to));
}

int conednn_bfloat16_create(conednn_primitive **result, int64_t count) {
    dnnl_dims_t extents = {count};
    return copy_create(result, 1, extents, dnnl_f32, dnnl_a, dnnl_bf16, dnnl_a);
}

static int add_product_arguments(conednn_primitive *made, const_dnnl_primitive_desc_t descriptor) {
    TRY(add_argument(made, descriptor, conednn_source, DNNL_ARG_SRC, dnnl_query_src_md, 0));
    TRY(add_argument(made, descriptor, conednn_weights, DNNL_ARG_WEIGHTS, dnnl_query_weights_md, 0));
    return add_argument(made, descriptor, conednn_destination, DNNL_ARG_DST, dnnl_query_dst_md, 0);
}

static int product_descriptor(
    dnnl_primitive_desc_t *result, const struct conednn_product *shape, const_dnnl_primitive_attr_t attributes) {
    dnnl_engine_t engine;
    TRY(cpu_engine(&engine));
    dnnl_dims_t left = {shape->rows, shape->inner}, right = {shape->inner, shape->columns};
    dnnl_dims_t product = {shape->rows, shape->columns};
    struct tensor a = {0}, b = {0}, c = {0};
    int status = tensor_make(&a, 2, left, dnnl_bf16, shape->transposes_left ? dnnl_ba : dnnl_ab);
    if (!status) status = tensor_make(&b, 2, right, dnnl_bf16, shape->transposes_right ? dnnl_ba : dnnl_ab);
    if (!status) status = tensor_make(&c, 2, product, dnnl_f32, dnnl_ab);
    if (!status) {
        status = product_descriptor_make(result, reference(&a), reference(&b), reference(&c), engine, attributes);
    }
    tensor_destroy(&a);
    tensor_destroy(&b);
    tensor_destroy(&c);
    return status;
}

int conednn_product_create(conednn_primitive **result, const struct conednn_product *shape) {
    *result = NULL;
    dnnl_primitive_attr_t attributes = NULL;
    dnnl_primitive_desc_t descriptor = NULL;
    int status = make_attributes(&attributes, false);
    if (!status) status = product_descriptor(&descriptor, shape, attributes);
    if (!status) status = begin(result, descriptor);
    if (!status) status = add_product_arguments(*result, descriptor);
    dnnl_primitive_desc_destroy(descriptor);
    dnnl_primitive_attr_destroy(attributes);
    if (status) {
        conednn_destroy(*result);
        *result = NULL;
    }
    return status;
}

void conednn_destroy(conednn_primitive *primitive) {
    if (!primitive) return;
    for (int i = 0; i < primitive->count; i++) dnnl_memory_destroy(primitive->arguments[i].memory);
    dnnl_stream_destroy(primitive->stream);
    dnnl_primitive_destroy(primitive->primitive);
    free(primitive);
}

size_t conednn_bytes(const conednn_primitive *primitive, enum conednn_role role) {
    for (int i = 0; i < primitive->count; i++) {
        tensor_reference memory;
        if (primitive->roles[i] != role) continue;
        if (dnnl_memory_get_memory_desc(primitive->arguments[i].memory, &memory) != dnnl_success) return 0;
        return dnnl_memory_desc_get_size(memory);
    }
    return 0;
}

int conednn_place(conednn_primitive *primitive, enum conednn_role role, void *address) {
    for (int i = 0; i < primitive->count; i++) {
        if (primitive->roles[i] != role) continue;
        if (primitive->addresses[i] == address) return 0;
        primitive->addresses[i] = address;
        return dnnl_memory_set_data_handle(primitive->arguments[i].memory, address);
    }
    return dnnl_invalid_arguments;
}

int conednn_execute(conednn_primitive *primitive) {
    TRY(dnnl_primitive_execute(primitive->primitive, primitive->stream, primitive->count, primitive->arguments));
    return dnnl_stream_wait(primitive->stream);
}

int conednn_matrix_product(
    char transpose_a, char transpose_b, int64_t rows, int64_t columns, int64_t inner, const float *a, int64_t stride_a,
    const float *b, int64_t stride_b, float *c, int64_t stride_c) {
    return dnnl_sgemm(
        transpose_a, transpose_b, rows, columns, inner, 1, a, stride_a, b, stride_b, 0, c, stride_c);
}

void conednn_set_thread_count(int count) { omp_set_num_threads(count); }

bool conednn_prefers_blocks(void) {
#if defined(__x86_64__)
    return (dnnl_get_effective_cpu_isa() & dnnl_cpu_isa_avx512_core) == dnnl_cpu_isa_avx512_core;
#else
    return false;
#endif
}

bool conednn_has_bfloat16(void) {
#if defined(__x86_64__)
    return (dnnl_get_effective_cpu_isa() & dnnl_cpu_isa_avx512_core_bf16) == dnnl_cpu_isa_avx512_core_bf16;
#else
    return false;
#endif
}

bool conednn_has_tiles(void) {
#if defined(__x86_64__)
    return (dnnl_get_effective_cpu_isa() & dnnl_cpu_isa_avx512_core_amx) == dnnl_cpu_isa_avx512_core_amx;
#else
    return false;
#endif
}

int conednn_version(void) {
    const dnnl_version_t *version = dnnl_version();
    return version->major * 10000 + version->minor * 100 + version->patch;
}
