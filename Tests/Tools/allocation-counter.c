// Counts allocations by caller. `script/count-allocations` loads it before a program:
//   LD_PRELOAD=allocation-counter.so COUNT_ALLOCATIONS_OUTPUT=FILE program ...
// The program calls count_allocations_window(1) where counting begins and count_allocations_window(0) where it ends;
// then one line of JSON, {"ours":n,"onednn":n}, is written to FILE (stderr without one), and where our own
// allocations came from to stderr. The caller is the first frame outside libc, the C++ library and this file; libdnnl
// and libgomp are oneDNN's.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

enum { frames = 24, remembered = 16 };

static atomic_bool is_open;
static atomic_long ours, onednn, place_count;
static void *places[remembered];
static __thread bool is_counting __attribute__((tls_model("initial-exec")));

static bool has(const char *path, const char *name) { return path && strstr(path, name); }

static void count(void) {
    if (!atomic_load(&is_open) || is_counting) return;
    is_counting = true;
    void *stack[frames];
    int depth = backtrace(stack, frames);
    Dl_info own, frame;
    dladdr((void *)count, &own);
    for (int i = 0; i < depth; i++) {
        if (!dladdr(stack[i], &frame)) break;  // code made at run time: not a caller of malloc that we know
        if (frame.dli_fbase == own.dli_fbase || has(frame.dli_fname, "/libc.so") || has(frame.dli_fname, "libstdc++")) {
            continue;
        }
        if (has(frame.dli_fname, "libdnnl") || has(frame.dli_fname, "libgomp")) {
            atomic_fetch_add(&onednn, 1);
            is_counting = false;
            return;
        }
        long place = atomic_fetch_add(&place_count, 1);
        if (place < remembered) places[place] = stack[i];
        break;
    }
    atomic_fetch_add(&ours, 1);
    is_counting = false;
}

void *malloc(size_t size) {
    count();
    return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
    count();
    return __libc_calloc(number, size);
}

void *realloc(void *block, size_t size) {
    count();
    return __libc_realloc(block, size);
}

void *memalign(size_t alignment, size_t size) {
    count();
    return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    count();
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **result, size_t alignment, size_t size) {
    count();
    void *block = __libc_memalign(alignment, size);
    if (!block) return ENOMEM;
    *result = block;
    return 0;
}

/// The unwinder allocates when it is first used; that is over before any window opens.
__attribute__((constructor)) static void warm_up(void) {
    void *stack[frames];
    backtrace(stack, frames);
}

void count_allocations_window(int open) {
    atomic_store(&is_open, open != 0);
    if (open) return;
    const char *path = getenv("COUNT_ALLOCATIONS_OUTPUT");
    FILE *file = path ? fopen(path, "w") : stderr;
    if (!file) abort();
    fprintf(file, "{\"onednn\":%ld,\"ours\":%ld}\n", atomic_load(&onednn), atomic_load(&ours));
    if (file != stderr) fclose(file);
    for (long i = 0; i < remembered && i < atomic_load(&place_count); i++) {
        Dl_info frame;
        if (!dladdr(places[i], &frame)) continue;
        fprintf(
            stderr, "ours: %s %s +%#lx\n", frame.dli_fname, frame.dli_sname ? frame.dli_sname : "?",
            (unsigned long)((char *)places[i] - (char *)frame.dli_fbase));
    }
}
