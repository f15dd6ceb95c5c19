#define _GNU_SOURCE
#include "csockets.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

/// An address has room for about a hundred letters. The path of a folder may be longer, that of its descriptor is not.
/// Returns the folder's descriptor, which is to be closed, or the system's error code below 0.
static int address_in(const char *folder, const char *name, struct sockaddr_un *address) {
    int opened = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (opened < 0) return -errno;
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    int length = snprintf(address->sun_path, sizeof address->sun_path, "/proc/self/fd/%d/%s", opened, name);
    if (length < (int)sizeof address->sun_path) return opened;
    close(opened);
    return -ENAMETOOLONG;
}

/// Opens a socket and has `use` bind or connect it to a name in a folder.
static int open_in(
    const char *folder, const char *name, int (*use)(int, const struct sockaddr *, socklen_t)) {
    struct sockaddr_un address;
    int opened = address_in(folder, name, &address);
    if (opened < 0) return opened;
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    int code = descriptor < 0 ? errno : 0;
    if (descriptor >= 0 && use(descriptor, (const struct sockaddr *)&address, sizeof address) != 0) {
        code = errno;
        close(descriptor);
    }
    close(opened);
    return code == 0 ? descriptor : -code;
}

static int bind_to(int descriptor, const struct sockaddr *address, socklen_t length) {
    return bind(descriptor, address, length) != 0 ? -1 : listen(descriptor, 1024);
}

static int connect_to(int descriptor, const struct sockaddr *address, socklen_t length) {
    return connect(descriptor, address, length);
}

int csockets_listen_in(const char *folder, const char *name) { return open_in(folder, name, bind_to); }

int csockets_dial_in(const char *folder, const char *name) { return open_in(folder, name, connect_to); }

int csockets_process(int descriptor) {
    struct ucred credentials = {0};
    socklen_t length = sizeof credentials;
    if (getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &length) != 0) return -errno;
    if (credentials.pid <= 0 || credentials.pid == getpid()) return -ESRCH;
    int process = (int)syscall(SYS_pidfd_open, credentials.pid, 0);
    return process < 0 ? -errno : process;
}

void csockets_kill(int process) { syscall(SYS_pidfd_send_signal, process, SIGKILL, NULL, 0); }

// One bit for each descriptor that children let go of. Others than these few are possible, and are kept.
#define KEPT_WORDS 1024
static _Atomic uint64_t kept[KEPT_WORDS];

/// In a child, directly after its birth: nothing but calls that are safe there.
static void let_go(void) {
    for (int word = 0; word < KEPT_WORDS; word++) {
        uint64_t bits = atomic_exchange(&kept[word], 0);
        for (; bits != 0; bits &= bits - 1) close(word * 64 + __builtin_ctzll(bits));
    }
}

static void watch_forks(void) { pthread_atfork(NULL, NULL, let_go); }

void csockets_close_in_children(int descriptor) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, watch_forks);
    if (descriptor >= 0 && descriptor < KEPT_WORDS * 64) {
        atomic_fetch_or(&kept[descriptor / 64], (uint64_t)1 << (descriptor % 64));
    }
}

void csockets_close(int descriptor) {
    if (descriptor >= 0 && descriptor < KEPT_WORDS * 64) {
        // First out of the list: its number may be another file's as soon as it is closed.
        uint64_t bit = (uint64_t)1 << (descriptor % 64);
        if ((atomic_fetch_and(&kept[descriptor / 64], ~bit) & bit) == 0) return;
    }
    close(descriptor);
}

int64_t csockets_send(
    int descriptor, const void *head, int64_t head_count, const void *body, int64_t body_count, int64_t sent) {
    int64_t head_sent = sent < head_count ? sent : head_count;
    int64_t body_sent = sent - head_sent;
    struct iovec parts[2] = {
        {.iov_base = (uint8_t *)head + head_sent, .iov_len = (size_t)(head_count - head_sent)},
        {.iov_base = (uint8_t *)body + body_sent, .iov_len = (size_t)(body_count - body_sent)},
    };
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
    while (1) {
        ssize_t count = sendmsg(descriptor, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (count >= 0) return count;
        if (errno != EINTR) return -errno;
    }
}

int64_t csockets_receive(int descriptor, void *bytes, int64_t count) {
    while (1) {
        ssize_t received = recv(descriptor, bytes, (size_t)count, MSG_DONTWAIT);
        if (received >= 0) return received;
        if (errno != EINTR) return -errno;
    }
}

int csockets_pair(int *ends) {
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) != 0) return -errno;
    csockets_close_in_children(ends[0]);
    csockets_close_in_children(ends[1]);
    return 0;
}
