#include "cfuzzer.h"

// Weak, so that every other build does without.
__attribute__((weak)) int LLVMFuzzerRunDriver(int *count, char ***words, int (*read)(const uint8_t *, size_t));

bool cfuzzer_run(int count, char **words, int (*read)(const uint8_t *bytes, size_t count), int *code) {
    if (LLVMFuzzerRunDriver == NULL) return false;
    *code = LLVMFuzzerRunDriver(&count, &words, read);
    return true;
}
