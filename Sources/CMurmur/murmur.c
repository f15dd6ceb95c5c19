#define _GNU_SOURCE
#include "murmur.h"

#include "murmur_support.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

// What Swift has no word for: a variable of each thread. All else that murmur.h declares is written in Swift, in
// Sources/Bridge.

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

uint64_t cmurmur_thread(void) { return (uint64_t)pthread_self(); }
