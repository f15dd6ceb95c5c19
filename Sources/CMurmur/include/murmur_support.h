// What the library itself needs of C, and nobody else: these names do not leave it.
#ifndef MURMUR_SUPPORT_H
#define MURMUR_SUPPORT_H

#include <stdint.h>

// Keeps the sentence for murmur_last_error() on the calling thread; cut off behind 4095 bytes.
void cmurmur_set_last_error(const char *sentence);

// Whether this process is the one that the library was first asked in: 1, or 0 in one that was forked off since.
int cmurmur_is_own_process(void);

// A number that tells the calling thread from all others that are alive.
uint64_t cmurmur_thread(void);

#endif
