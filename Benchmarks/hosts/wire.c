// A switch between the hosts of a test, with links that are slow: for kernels without `tc netem`.
//
//   wire DELAY_MS RATE_MBIT QUEUE_KB INTERFACE...
//
// Each interface leads to a host by a link of its own, both ways of which have the rate. A frame waits until its
// sender's link is free, then until its receiver's is, and comes out DELAY_MS later. Where more than QUEUE_KB would
// wait for a link the frame is dropped, as a switch with a full buffer does. Where a host lives is learned from the
// frames that come from it; frames for nobody known go to all. Frames of one link keep their order. Where there is a
// delay, the switch looks every half millisecond only: to wake for every frame would take the hosts' processors.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { MOST_PORTS = 64, MOST_FRAME_BYTES = 65536, ADDRESS_BYTES = 6, FRAMES_AT_ONCE = 64, GRAIN_NS = 500000 };

typedef struct Frame {
    struct Frame *next;
    int64_t due_ns;
    size_t length;
    uint8_t bytes[];
} Frame;

typedef struct {
    int socket;
    int is_known;
    uint8_t address[ADDRESS_BYTES];
    // When the last bit that is under way will have left the host, and the switch.
    int64_t up_free_ns, down_free_ns;
    Frame *first, *last;
} Port;

static Port ports[MOST_PORTS];
static int port_count;
static int64_t delay_ns;
static double ns_per_byte;
static int64_t most_wait_ns;

static int64_t now_ns(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

// Puts a frame of this length on a link from `start_ns` on: when its last bit has passed, or -1 where too many wait.
static int64_t pass(int64_t *free_ns, int64_t start_ns, size_t length) {
    int64_t begin = *free_ns > start_ns ? *free_ns : start_ns;
    if (begin - start_ns > most_wait_ns) return -1;
    return *free_ns = begin + (int64_t)(length * ns_per_byte);
}

static void queue(Port *port, int64_t sent_ns, const uint8_t *bytes, size_t length) {
    int64_t through_ns = pass(&port->down_free_ns, sent_ns, length);
    if (through_ns < 0) return;
    Frame *frame = malloc(sizeof *frame + length);
    if (!frame) return;
    frame->next = NULL;
    frame->due_ns = through_ns + delay_ns;
    frame->length = length;
    memcpy(frame->bytes, bytes, length);
    if (port->first) port->last->next = frame;
    else port->first = frame;
    port->last = frame;
}

static void take_in(Port *from) {
    static uint8_t bytes[MOST_FRAME_BYTES];
    for (int count = 0; count < FRAMES_AT_ONCE; count++) {
        ssize_t length = recv(from->socket, bytes, sizeof bytes, MSG_DONTWAIT);
        if (length < ETH_HLEN) return;
        memcpy(from->address, bytes + ADDRESS_BYTES, ADDRESS_BYTES);
        from->is_known = 1;
        int64_t sent_ns = pass(&from->up_free_ns, now_ns(), (size_t)length);
        if (sent_ns < 0) continue;
        Port *to = NULL;
        for (int index = 0; index < port_count; index++) {
            Port *port = &ports[index];
            if (port->is_known && memcmp(port->address, bytes, ADDRESS_BYTES) == 0) to = port;
        }
        for (int index = 0; index < port_count; index++) {
            Port *port = &ports[index];
            if (port != from && (!to || port == to)) queue(port, sent_ns, bytes, (size_t)length);
        }
    }
}

// Sends what is due, and says when the next frame will be; -1 where none waits.
static int64_t give_out(void) {
    int64_t next_ns = -1, time_ns = now_ns();
    for (int index = 0; index < port_count; index++) {
        Port *port = &ports[index];
        while (port->first && port->first->due_ns <= time_ns) {
            Frame *frame = port->first;
            send(port->socket, frame->bytes, frame->length, 0);
            port->first = frame->next;
            free(frame);
        }
        if (port->first && (next_ns < 0 || port->first->due_ns < next_ns)) next_ns = port->first->due_ns;
    }
    return next_ns;
}

static int open_port(const char *interface) {
    Port *port = &ports[port_count++];
    struct sockaddr_ll address = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL)};
    address.sll_ifindex = (int)if_nametoindex(interface);
    struct packet_mreq everything = {.mr_ifindex = address.sll_ifindex, .mr_type = PACKET_MR_PROMISC};
    int yes = 1, buffer_bytes = 8 << 20;
    port->socket = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL));
    return port->socket >= 0 && address.sll_ifindex > 0 &&
           bind(port->socket, (struct sockaddr *)&address, sizeof address) == 0 &&
           // Not what we send ourselves.
           setsockopt(port->socket, SOL_PACKET, PACKET_IGNORE_OUTGOING, &yes, sizeof yes) == 0 &&
           setsockopt(port->socket, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &everything, sizeof everything) == 0 &&
           setsockopt(port->socket, SOL_SOCKET, SO_RCVBUFFORCE, &buffer_bytes, sizeof buffer_bytes) == 0;
}

int main(int count, char **words) {
    double rate_mbit = count > 4 ? atof(words[2]) : 0;
    if (rate_mbit <= 0 || count - 4 > MOST_PORTS) {
        fprintf(stderr, "usage: wire DELAY_MS RATE_MBIT QUEUE_KB INTERFACE...\n");
        return 64;
    }
    delay_ns = (int64_t)(atof(words[1]) * 1e6);
    ns_per_byte = 8e3 / rate_mbit;
    most_wait_ns = (int64_t)(atof(words[3]) * 1e3 * ns_per_byte);
    for (int index = 4; index < count; index++) {
        if (!open_port(words[index])) {
            perror(words[index]);
            return 1;
        }
    }
    for (;;) {
        struct pollfd waits[MOST_PORTS];
        for (int index = 0; index < port_count; index++) waits[index] = (struct pollfd){ports[index].socket, POLLIN, 0};
        int64_t due_ns = give_out(), wait_ns = due_ns < 0 ? 0 : due_ns - now_ns();
        if (wait_ns < 0) wait_ns = 0;
        struct timespec wait = {wait_ns / 1000000000, wait_ns % 1000000000};
        ppoll(waits, (nfds_t)port_count, due_ns < 0 ? NULL : &wait, NULL);
        for (int index = 0; index < port_count; index++) {
            if (waits[index].revents & POLLIN) take_in(&ports[index]);
        }
        struct timespec grain = {0, GRAIN_NS};
        if (delay_ns > GRAIN_NS) nanosleep(&grain, NULL);
    }
}
