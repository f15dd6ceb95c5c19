#pragma once
// Pictures to pixels: JPEG by libturbojpeg and PNG by libpng, both opened when the program runs, so that it is built
// and started without them; and pixels to pixels of another size.
//
// Pixels are four bytes each, row by row: red, green, blue and one that means nothing.
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { cimages_problem_bytes = 256 };

/// What is wrong with the library of JPEG files, or of PNG files; NULL where it can be used.
const char *cimages_jpeg_missing(void);
const char *cimages_png_missing(void);

/// The extents of a picture. False and a problem, of at most `cimages_problem_bytes`, for what is none.
bool cimages_jpeg_size(const uint8_t *bytes, size_t count, int *width, int *height, char *problem);
bool cimages_png_size(const uint8_t *bytes, size_t count, int *width, int *height, char *problem);

/// Decodes a picture of these extents, as they were found. A JPEG file is read at 1 / `divisor` of its size, rounded
/// up, where 1, 2, 4 and 8 will do. Grey and CMYK become red, green and blue. False and a problem for what is damaged.
bool cimages_jpeg_decode(
    const uint8_t *bytes, size_t count, int width, int height, int divisor, uint8_t *pixels, char *problem);
bool cimages_png_decode(const uint8_t *bytes, size_t count, int width, int height, uint8_t *pixels, char *problem);

/// A part of a picture, and where in it the pixels of the result lie.
struct cimages_window {
    /// Pixels from one row of the picture to the next.
    int stride;
    /// What may be looked at, in pixels of the picture.
    int left, top, width, height;
    /// What becomes the result, in pixels from the left upper corner of that.
    double first_column, first_row, columns, rows;
};

/// Writes the window of a picture at `size` x `size` pixels, the first `channels` bytes of each pixel as planes.
///
/// Each pixel is the average of those under a triangle as wide as two pixels of the result (or of the picture, where
/// that is larger), in steps of a byte after the rows and again after the columns: the numbers of Pillow's BILINEAR.
/// False where memory is lacking.
bool cimages_resample(
    const uint8_t *pixels, struct cimages_window window, int size_width, int size_height, int channels,
    uint8_t *planes);
