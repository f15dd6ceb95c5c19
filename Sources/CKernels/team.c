#include "kernels.h"

// libgomp's entry points. oneDNN's primitives run on the same teams, so a thread never has two of them.
extern void GOMP_parallel(void (*function)(void *), void *data, unsigned threads, unsigned flags);
extern int omp_get_thread_num(void);
extern int omp_get_num_threads(void);

struct team_work {
    range_kernel *kernel;
    const void *arguments;
    int64_t count;
};

static void run_share(void *data) {
    const struct team_work *work = data;
    int64_t me = omp_get_thread_num(), size = omp_get_num_threads();
    int64_t first = work->count * me / size, last = work->count * (me + 1) / size;
    if (first < last) work->kernel(work->arguments, first, last, (int)me);
}

void run_in_team(range_kernel *kernel, const void *arguments, int64_t count, int threads) {
    if (threads <= 1 || count <= 1) {
        kernel(arguments, 0, count, 0);
        return;
    }
    struct team_work work = {kernel, arguments, count};
    GOMP_parallel(run_share, &work, (unsigned)(count < threads ? count : threads), 0);
}
