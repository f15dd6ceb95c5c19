// The functions of murmur.h are written in Swift, in Sources/Bridge; a C target needs a file.
#include "murmur.h"
