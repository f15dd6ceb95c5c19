#pragma once

#include <stdint.h>

// Sockets whose addresses Swift would have to write through raw pointers, and the one question to the kernel's clock
// that Swift's Glibc leaves out.

/// Opens a socket that listens on 127.0.0.1 alone: at `*port`, or at a free one where that is 0, which is put there.
/// Returns its descriptor, or the system's error code below 0.
int csockets_listen_on_loopback(uint16_t *port);

/// An address of TCP over IPv4 or IPv6 with its port, as the system has it.
struct csockets_address {
    uint8_t bytes[28];
    uint32_t length;
};

/// Opens a socket that listens at a numeric address or a name of this machine, over both protocols where that is `::`
/// and the machine has both, never blocks, and waits for up to 128 connections: at `*port`, or at a free one where that
/// is 0, which is put there.
/// Returns its descriptor, or the system's error code below 0; -EINVAL where the host is none.
int csockets_listen(const char *host, uint16_t *port);

/// Takes the next connection, which never blocks, and the address that it comes from. Returns its descriptor, or the
/// system's error code below 0.
int csockets_accept(int listener, struct csockets_address *from);

/// Begins to connect to an address by a socket that never blocks: it can be written once that has succeeded or failed.
/// Returns its descriptor, or the system's error code below 0.
int csockets_dial(const struct csockets_address *address);

/// What became of a connection that was begun: 0, or the system's error code.
int csockets_outcome(int descriptor);

/// Puts the addresses of a host there, at most `most`. Returns how many they are, 0 where the host has none. A name is
/// looked up, which may take long, unless `is_numeric`.
int csockets_resolve(
    const char *host, uint16_t port, int is_numeric, struct csockets_address *addresses, int most);

/// Puts the addresses of this machine there, with that port: those of the whole network first, then private ones, and
/// loopback only where there is no other. Returns how many they are.
int csockets_own_addresses(uint16_t port, struct csockets_address *addresses, int most);

/// Writes the numbers of an address without its port: at most 64 bytes, of which the last is 0.
void csockets_write(const struct csockets_address *address, uint8_t *text);

/// The port of an address.
uint16_t csockets_port(const struct csockets_address *address);

/// The same address with another port.
void csockets_set_port(struct csockets_address *address, uint16_t port);

/// What connections are counted by: the address over IPv4, the first half of it over IPv6.
uint64_t csockets_network(const struct csockets_address *address);

/// Opens a pipe that never blocks: its end to read from, and the one to write to. Returns 0, or the system's error code
/// below 0.
int csockets_pipe(int *ends);

/// Whether somebody keeps this machine's clock right, as the kernel knows: 1, or 0 where nobody does.
int csockets_clock_is_kept(void);

// Sockets between the processes of one machine, in local.c. Their addresses are names in a folder, whose path may be of
// any length.

/// Opens a socket that listens in a folder under that name, never blocks, and waits for up to 1024 connections. A file
/// of that name is in the way. Returns its descriptor, or the system's error code below 0.
int csockets_listen_in(const char *folder, const char *name);

/// Connects to who listens in a folder under that name, by a socket that never blocks. Returns its descriptor, or the
/// system's error code below 0: -ENOENT or -ECONNREFUSED where nobody listens, -EAGAIN where too many wait.
int csockets_dial_in(const char *folder, const char *name);

/// Opens a descriptor of the process that was at the other end of a local connection when it began, and is none else's
/// however long that is gone. Returns it, or the system's error code below 0; -ESRCH where that process is this one or
/// cannot be seen.
int csockets_process(int descriptor);

/// Ends the process of such a descriptor, if it lives.
void csockets_kill(int process);

/// Has a process that this one forks let go of a descriptor at once: else a connection would last for as long as any
/// child lives, and nobody hear that this process has died. For descriptors that `csockets_close` closes.
void csockets_close_in_children(int descriptor);

/// Closes a descriptor that children let go of. Does nothing in such a child.
void csockets_close(int descriptor);

/// Writes what is left of two pieces of memory, of which `sent` bytes have gone, as far as there is room now. Returns
/// how many bytes went, or the system's error code below 0; a connection that broke gives -EPIPE and no signal.
int64_t csockets_send(
    int descriptor, const void *head, int64_t head_count, const void *body, int64_t body_count, int64_t sent);

/// Reads what has come, at most `count` bytes. Returns how many, 0 where nothing comes any more, or the system's error
/// code below 0: -EAGAIN where there is nothing now.
int64_t csockets_receive(int descriptor, void *bytes, int64_t count);

/// Makes two local sockets that are connected with each other and never block; children let go of them. Returns 0, or
/// the system's error code below 0.
int csockets_pair(int *ends);
