#pragma once
// libFuzzer as a library (LLVM's LLVMFuzzerRunDriver), in a program that `script/fuzz` has linked with it.
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Has libFuzzer call `read` with changed bytes, as the words of its command line say, the first of them the program's
/// name; `code` becomes its exit status where it comes back. False where the program is linked without it.
bool cfuzzer_run(int count, char **words, int (*read)(const uint8_t *bytes, size_t count), int *code);
