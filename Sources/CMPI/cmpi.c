#include "murmur_mpi.h"

#include <dlfcn.h>
#include <stdio.h>
#include <sys/prctl.h>

const murmur_mpi *cmpi_open(const char *path, char *problem, size_t size) {
    // Libraries of MPI load parts of themselves, which look for its symbols among all.
    void *plugin = dlopen(path, RTLD_NOW | RTLD_GLOBAL);
    if (plugin == NULL) {
        const char *reason = dlerror();
        snprintf(problem, size, "%s", reason == NULL ? "cannot be opened" : reason);
        return NULL;
    }
    const murmur_mpi *(*table)(void) = (const murmur_mpi *(*)(void))dlsym(plugin, "murmur_mpi_plugin");
    if (table == NULL) {
        snprintf(problem, size, "it is no plug-in of murmur");
        return NULL;
    }
    const murmur_mpi *mpi = table();
    if (mpi->version != MURMUR_MPI_VERSION) {
        snprintf(problem, size, "it is of version %u, and this program needs %u", mpi->version, MURMUR_MPI_VERSION);
        return NULL;
    }
    return mpi;
}

void cmpi_set_timer_slack(unsigned long nanoseconds) { prctl(PR_SET_TIMERSLACK, nanoseconds, 0, 0, 0); }
