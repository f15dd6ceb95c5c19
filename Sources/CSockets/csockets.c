#define _GNU_SOURCE
#include "csockets.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/timex.h>
#include <unistd.h>

int csockets_listen_on_loopback(uint16_t *port) {
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return -errno;
    int yes = 1;
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(*port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    if (bind(descriptor, (struct sockaddr *)&address, sizeof address) != 0 || listen(descriptor, 16) != 0
        || getsockname(descriptor, (struct sockaddr *)&address, &length) != 0) {
        int code = errno;
        close(descriptor);
        return -code;
    }
    *port = ntohs(address.sin_port);
    return descriptor;
}

static struct addrinfo *resolved(const char *host, uint16_t port, int flags) {
    char service[8];
    snprintf(service, sizeof service, "%u", port);
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = flags | AI_NUMERICSERV};
    struct addrinfo *list = NULL;
    return getaddrinfo(host, service, &hints, &list) == 0 ? list : NULL;
}

static void copy(struct csockets_address *address, const struct sockaddr *from, socklen_t length) {
    memset(address, 0, sizeof *address);
    address->length = length <= sizeof address->bytes ? length : sizeof address->bytes;
    memcpy(address->bytes, from, address->length);
}

/// What every connection of ours has: small items leave at once, and no more waits in the kernel than is useful, so
/// that they need not wait behind it.
static void tune(int descriptor) {
    int yes = 1, unsent = 128 * 1024;
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    setsockopt(descriptor, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent, sizeof unsent);
}

int csockets_listen(const char *host, uint16_t *port) {
    struct addrinfo *list = resolved(host, *port, AI_PASSIVE);
    if (!list) return -EINVAL;
    struct sockaddr_storage address = {0};
    socklen_t length = list->ai_addrlen;
    memcpy(&address, list->ai_addr, length);
    int family = list->ai_family;
    freeaddrinfo(list);
    int descriptor = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    // A machine without IPv6 has all of its addresses over IPv4.
    if (descriptor < 0 && errno == EAFNOSUPPORT && strcmp(host, "::") == 0) return csockets_listen("0.0.0.0", port);
    if (descriptor < 0) return -errno;
    int yes = 1, no = 0;
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (family == AF_INET6) setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof no);
    if (bind(descriptor, (struct sockaddr *)&address, length) != 0 || listen(descriptor, 128) != 0
        || getsockname(descriptor, (struct sockaddr *)&address, &length) != 0) {
        int code = errno;
        close(descriptor);
        return -code;
    }
    struct csockets_address own;
    copy(&own, (struct sockaddr *)&address, length);
    *port = csockets_port(&own);
    return descriptor;
}

int csockets_accept(int listener, struct csockets_address *from) {
    struct sockaddr_storage address = {0};
    socklen_t length = sizeof address;
    int descriptor = accept4(listener, (struct sockaddr *)&address, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (descriptor < 0) return -errno;
    copy(from, (struct sockaddr *)&address, length);
    tune(descriptor);
    return descriptor;
}

int csockets_dial(const struct csockets_address *address) {
    struct sockaddr_storage target = {0};
    memcpy(&target, address->bytes, sizeof address->bytes);
    int descriptor = socket(target.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0) return -errno;
    tune(descriptor);
    if (connect(descriptor, (struct sockaddr *)&target, address->length) != 0 && errno != EINPROGRESS) {
        int code = errno;
        close(descriptor);
        return -code;
    }
    return descriptor;
}

int csockets_outcome(int descriptor) {
    int code = 0;
    socklen_t length = sizeof code;
    return getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &length) == 0 ? code : errno;
}

int csockets_resolve(
    const char *host, uint16_t port, int is_numeric, struct csockets_address *addresses, int most) {
    struct addrinfo *list = resolved(host, port, is_numeric ? AI_NUMERICHOST : AI_ADDRCONFIG);
    int count = 0;
    for (struct addrinfo *entry = list; entry && count < most; entry = entry->ai_next) {
        if (entry->ai_family != AF_INET && entry->ai_family != AF_INET6) continue;
        copy(&addresses[count++], entry->ai_addr, entry->ai_addrlen);
    }
    if (list) freeaddrinfo(list);
    return count;
}

/// How widely an address is known: 0 everywhere, 1 in a private network, 2 on this machine; -1 where nobody can dial
/// it.
static int width(const struct sockaddr *address) {
    if (address->sa_family == AF_INET) {
        uint32_t number = ntohl(((const struct sockaddr_in *)address)->sin_addr.s_addr);
        if (number >> 24 == 127) return 2;
        if (number >> 16 == 0xa9fe) return -1;
        return number >> 24 == 10 || number >> 20 == 0xac1 || number >> 16 == 0xc0a8 || number >> 22 == 0x191;
    }
    if (address->sa_family != AF_INET6) return -1;
    const struct in6_addr *number = &((const struct sockaddr_in6 *)address)->sin6_addr;
    if (IN6_IS_ADDR_LOOPBACK(number)) return 2;
    if (IN6_IS_ADDR_LINKLOCAL(number) || IN6_IS_ADDR_UNSPECIFIED(number)) return -1;
    return (number->s6_addr[0] & 0xfe) == 0xfc;
}

int csockets_own_addresses(uint16_t port, struct csockets_address *addresses, int most) {
    struct ifaddrs *list = NULL;
    if (getifaddrs(&list) != 0) return 0;
    int count = 0;
    for (int wanted = 0; wanted <= 2; wanted++) {
        if (wanted == 2 && count > 0) break;
        for (struct ifaddrs *entry = list; entry && count < most; entry = entry->ifa_next) {
            if (!entry->ifa_addr || !(entry->ifa_flags & IFF_UP) || width(entry->ifa_addr) != wanted) continue;
            socklen_t length =
                entry->ifa_addr->sa_family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);
            copy(&addresses[count], entry->ifa_addr, length);
            csockets_set_port(&addresses[count++], port);
        }
    }
    freeifaddrs(list);
    return count;
}

static int is_mapped(const struct sockaddr_in6 *address) { return IN6_IS_ADDR_V4MAPPED(&address->sin6_addr); }

void csockets_write(const struct csockets_address *address, uint8_t *text) {
    struct sockaddr_in6 six;
    struct sockaddr_in four;
    memcpy(&six, address->bytes, sizeof six);
    memcpy(&four, address->bytes, sizeof four);
    text[0] = 0;
    if (four.sin_family == AF_INET) {
        inet_ntop(AF_INET, &four.sin_addr, (char *)text, 64);
    } else if (six.sin6_family == AF_INET6) {
        // An IPv4 address that came over a socket of both protocols.
        int is_four = is_mapped(&six);
        inet_ntop(
            is_four ? AF_INET : AF_INET6, is_four ? &six.sin6_addr.s6_addr[12] : six.sin6_addr.s6_addr,
            (char *)text, 64);
    }
}

uint16_t csockets_port(const struct csockets_address *address) {
    // Both kinds of address have it at the same place.
    struct sockaddr_in four;
    memcpy(&four, address->bytes, sizeof four);
    return ntohs(four.sin_port);
}

void csockets_set_port(struct csockets_address *address, uint16_t port) {
    struct sockaddr_in four;
    memcpy(&four, address->bytes, sizeof four);
    four.sin_port = htons(port);
    memcpy(address->bytes, &four, sizeof four);
}

uint64_t csockets_network(const struct csockets_address *address) {
    struct sockaddr_in6 six;
    struct sockaddr_in four;
    memcpy(&six, address->bytes, sizeof six);
    memcpy(&four, address->bytes, sizeof four);
    uint64_t network = 0;
    if (four.sin_family == AF_INET) return four.sin_addr.s_addr;
    if (is_mapped(&six)) {
        uint32_t number;
        memcpy(&number, &six.sin6_addr.s6_addr[12], sizeof number);
        return number;
    }
    memcpy(&network, six.sin6_addr.s6_addr, sizeof network);
    return network;
}

int csockets_pipe(int *ends) { return pipe2(ends, O_NONBLOCK | O_CLOEXEC) == 0 ? 0 : -errno; }

int csockets_clock_is_kept(void) {
    struct timex clock = {0};
    return adjtimex(&clock) != TIME_ERROR && !(clock.status & STA_UNSYNC);
}
