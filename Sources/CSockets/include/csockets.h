#pragma once

#include <stdint.h>

// Sockets whose addresses Swift would have to write through raw pointers.

/// Opens a socket that listens on 127.0.0.1 alone: at `*port`, or at a free one where that is 0, which is put there.
/// Returns its descriptor, or the system's error code below 0.
int csockets_listen_on_loopback(uint16_t *port);
