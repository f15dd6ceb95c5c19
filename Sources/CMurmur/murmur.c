#define _GNU_SOURCE
#include "murmur.h"

#include "murmur_support.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// What Swift has no word for: a variable of each thread, and threads that have a name and hear no signal. All else that
// murmur.h declares is written in Swift, in Sources/Bridge.

static _Thread_local char last_error[4096];

const char *murmur_last_error(void) { return last_error; }

void cmurmur_set_last_error(const char *sentence) {
    strncpy(last_error, sentence, sizeof last_error - 1);
    last_error[sizeof last_error - 1] = 0;
}

int cmurmur_is_own_process(void) {
    static _Atomic long owner = 0;
    long none = 0;
    long here = getpid();
    return atomic_compare_exchange_strong(&owner, &none, here) || none == here;
}

extern char **environ;

const char *cmurmur_environment(int index) { return environ ? environ[index] : NULL; }

uint64_t cmurmur_thread(void) { return (uint64_t)pthread_self(); }

struct start {
    char name[16];
    void (*body)(void *);
    void *context;
};

static void *run(void *pointer) {
    struct start start = *(struct start *)pointer;
    free(pointer);
    pthread_setname_np(pthread_self(), start.name);
    start.body(start.context);
    return NULL;
}

int cmurmur_start_thread(const char *name, void (*body)(void *), void *context) {
    struct start *start = calloc(1, sizeof *start);
    if (!start) return 12;
    strncpy(start->name, name, sizeof start->name - 1);
    start->body = body;
    start->context = context;
    // A thread begins with the signals blocked that its parent blocks.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, 2 << 20);
    pthread_t thread;
    int code = pthread_create(&thread, &attributes, run, start);
    pthread_attr_destroy(&attributes);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (code) free(start);
    return code;
}
