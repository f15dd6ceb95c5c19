#include "cimages.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

// The interfaces are declared here, as their libraries promise them for years: neither header is needed to build.

// TurboJPEG 1.2 and later.
enum { color_cmyk = 3, color_ycck = 4, form_rgbx = 2, form_cmyk = 11, error_warning = 0 };

static struct {
    void *(*init)(void);
    int (*destroy)(void *);
    int (*header)(void *, const unsigned char *, unsigned long, int *, int *, int *, int *);
    int (*decompress)(void *, const unsigned char *, unsigned long, unsigned char *, int, int, int, int, int);
    char *(*error)(void *);
    int (*error_code)(void *);
} jpeg;

// libpng 1.6: png_image and the functions of its simplified interface.
enum { png_version = 1, png_rgba = 3 };

struct png_image {
    void *opaque;
    uint32_t version, width, height, format, flags, colormap_entries, warning_or_error;
    char message[64];
};

static struct {
    int (*begin)(struct png_image *, const void *, size_t);
    int (*finish)(struct png_image *, const void *, void *, int32_t, void *);
    void (*free)(struct png_image *);
} png;

static pthread_once_t jpeg_once = PTHREAD_ONCE_INIT, png_once = PTHREAD_ONCE_INIT;
static pthread_key_t jpeg_decoders;
static const char *jpeg_missing, *png_missing;

static bool find(void *library, const char *name, void *function) {
    void *address = dlsym(library, name);
    memcpy(function, &address, sizeof address);
    return address != NULL;
}

static void end_decoder(void *decoder) { jpeg.destroy(decoder); }

static void open_jpeg(void) {
    void *library = dlopen("libturbojpeg.so.0", RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        jpeg_missing = "libturbojpeg.so.0 is not found";
    } else if (
        !find(library, "tjInitDecompress", &jpeg.init) || !find(library, "tjDestroy", &jpeg.destroy) ||
        !find(library, "tjDecompressHeader3", &jpeg.header) || !find(library, "tjDecompress2", &jpeg.decompress) ||
        !find(library, "tjGetErrorStr2", &jpeg.error) || !find(library, "tjGetErrorCode", &jpeg.error_code)) {
        jpeg_missing = "libturbojpeg.so.0 is older than 2.0";
    } else if (pthread_key_create(&jpeg_decoders, end_decoder) != 0) {
        jpeg_missing = "libturbojpeg.so.0 cannot be used: there are no thread keys left";
    }
}

static void open_png(void) {
    void *library = dlopen("libpng16.so.16", RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        png_missing = "libpng16.so.16 is not found";
    } else if (
        !find(library, "png_image_begin_read_from_memory", &png.begin) ||
        !find(library, "png_image_finish_read", &png.finish) || !find(library, "png_image_free", &png.free)) {
        png_missing = "libpng16.so.16 lacks the simplified interface";
    }
}

const char *cimages_jpeg_missing(void) {
    pthread_once(&jpeg_once, open_jpeg);
    return jpeg_missing;
}

const char *cimages_png_missing(void) {
    pthread_once(&png_once, open_png);
    return png_missing;
}

static bool fail(char *problem, const char *reason) {
    snprintf(problem, cimages_problem_bytes, "%s", reason);
    return false;
}

/// The thread's own decoder, which ends with it; NULL and a problem where there is none.
static void *decoder(char *problem) {
    const char *missing = cimages_jpeg_missing();
    if (missing != NULL) return fail(problem, missing), NULL;
    void *own = pthread_getspecific(jpeg_decoders);
    if (own == NULL) {
        own = jpeg.init();
        if (own == NULL || pthread_setspecific(jpeg_decoders, own) != 0) fail(problem, "there is no memory left");
    }
    return own;
}

/// Ends the thread's decoder, which may have been left amid a file, and tells why.
static bool give_up(void *own, char *problem, const char *reason) {
    fail(problem, reason);
    jpeg.destroy(own);
    pthread_setspecific(jpeg_decoders, NULL);
    return false;
}

/// Finds what the header of a file says; true where it is whole.
static bool read_header(
    void *own, const uint8_t *bytes, size_t count, int *width, int *height, int *colors, char *problem) {
    int sampling;
    *width = *height = 0;
    if (jpeg.header(own, bytes, count, width, height, &sampling, colors) != 0)
        return give_up(own, problem, jpeg.error(own));
    // A file that ends within its header passes for one that holds tables alone.
    return (*width > 0 && *height > 0) || give_up(own, problem, "it ends within its header");
}

bool cimages_jpeg_size(const uint8_t *bytes, size_t count, int *width, int *height, char *problem) {
    void *own = decoder(problem);
    int colors;
    return own != NULL && read_header(own, bytes, count, width, height, &colors, problem);
}

/// Inks as JPEG files hold them (255 is none of it) to light.
static void light_from_inks(uint8_t *pixels, size_t count) {
    for (uint8_t *pixel = pixels; pixel < pixels + 4 * count; pixel += 4) {
        for (int color = 0; color < 3; color++) {
            int product = (255 - pixel[color]) * pixel[3] + 128;
            pixel[color] = (uint8_t)(pixel[3] - (((product >> 8) + product) >> 8));
        }
    }
}

bool cimages_jpeg_decode(
    const uint8_t *bytes, size_t count, int width, int height, int divisor, uint8_t *pixels, char *problem) {
    void *own = decoder(problem);
    int colors, real_width, real_height;
    if (own == NULL || !read_header(own, bytes, count, &real_width, &real_height, &colors, problem)) return false;
    if (real_width != width || real_height != height) return fail(problem, "it has other extents than before");
    int columns = (width + divisor - 1) / divisor, rows = (height + divisor - 1) / divisor;
    bool has_inks = colors == color_cmyk || colors == color_ycck;
    int form = has_inks ? form_cmyk : form_rgbx;
    if (jpeg.decompress(own, bytes, count, pixels, columns, 4 * columns, rows, form, 0) != 0) {
        const char *reason = jpeg.error(own);
        // Bytes too many between two parts harm no pixel, and are common.
        if (jpeg.error_code(own) != error_warning || strstr(reason, "extraneous bytes") == NULL)
            return give_up(own, problem, reason);
    }
    if (has_inks) light_from_inks(pixels, (size_t)columns * rows);
    return true;
}

static bool begin_png(struct png_image *image, const uint8_t *bytes, size_t count, char *problem) {
    const char *missing = cimages_png_missing();
    if (missing != NULL) return fail(problem, missing);
    memset(image, 0, sizeof *image);
    image->version = png_version;
    return png.begin(image, bytes, count) != 0 || fail(problem, image->message);
}

bool cimages_png_size(const uint8_t *bytes, size_t count, int *width, int *height, char *problem) {
    struct png_image image;
    if (!begin_png(&image, bytes, count, problem)) return false;
    png.free(&image);
    if (image.width > INT32_MAX || image.height > INT32_MAX) return fail(problem, "it is too large");
    *width = (int)image.width;
    *height = (int)image.height;
    return true;
}

bool cimages_png_decode(const uint8_t *bytes, size_t count, int width, int height, uint8_t *pixels, char *problem) {
    struct png_image image;
    if (!begin_png(&image, bytes, count, problem)) return false;
    if (image.width != (uint32_t)width || image.height != (uint32_t)height) {
        png.free(&image);
        return fail(problem, "it has other extents than before");
    }
    // With its opacity, which is then left out: colours are not mixed with a ground.
    image.format = png_rgba;
    return png.finish(&image, NULL, pixels, 4 * width, NULL) != 0 || fail(problem, image.message);
}
