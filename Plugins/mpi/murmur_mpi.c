// The MPI plug-in: point-to-point messages and sums over whatever MPI the site has, behind the table of murmur_mpi.h.
//
// Build it with that MPI's compiler; script/bootstrap --mpi does:
//     mpicc -O2 -fPIC -shared -I Sources/CMPI/include Plugins/mpi/murmur_mpi.c -o murmur_mpi-openmpi.so
//
// Nothing here blocks but begin, end and ping_pong. No windows and no collectives but the sum: measured, they are
// slower than plain messages in the libraries of today, and nothing can be called off when a rank has died.
#include "murmur_mpi.h"

#include <limits.h>
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Receives that are posted ahead for envelopes, so that the library writes them where they belong.
enum { POSTED = 32 };

// Streams have the tags from 1 on.
enum { TAG_ENVELOPE = 0, TAG_STREAM = 1, TAG_PING = 100 };

struct murmur_mpi_transfer {
    size_t count;           // of requests
    size_t done;            // so many of them, from the first on
    MPI_Request *requests;  // `one`, or a block of its own
    MPI_Request one;
    char envelope[MURMUR_MPI_ENVELOPE_BYTES];
    murmur_mpi_transfer *next;  // among those that are free
};

static struct {
    MPI_Comm messages;
    MPI_Comm sums;
    int rank;
    int count;
    size_t longest_piece;
    char envelopes[POSTED][MURMUR_MPI_ENVELOPE_BYTES];
    MPI_Request posted[POSTED];
    int first;  // of the posted receives: the one that matches next
    murmur_mpi_transfer *free;
    char error[MPI_MAX_ERROR_STRING + 64];
} mpi;

// Notes what went wrong. Returns 0 for success, else a negative number.
static int outcome(int code, const char *call) {
    if (code == MPI_SUCCESS) return 0;
    char text[MPI_MAX_ERROR_STRING] = "an unknown error";
    int length = 0;
    MPI_Error_string(code, text, &length);
    snprintf(mpi.error, sizeof mpi.error, "%s: %s", call, text);
    return -1;
}

static const char *error_text(void) { return mpi.error; }

static void library_version(char *text, size_t size) {
    char whole[MPI_MAX_LIBRARY_VERSION_STRING] = "";
    int length = 0;
    MPI_Get_library_version(whole, &length);
    snprintf(text, size, "%s", whole);
}

static int post(int slot) {
    int code = MPI_Irecv(mpi.envelopes[slot], MURMUR_MPI_ENVELOPE_BYTES, MPI_BYTE, MPI_ANY_SOURCE, TAG_ENVELOPE,
                         mpi.messages, &mpi.posted[slot]);
    return outcome(code, "MPI_Irecv of an envelope");
}

// A communicator of its own, so that no message of anybody else is taken for one of ours.
static int duplicate(MPI_Comm *communicator) {
    int code = outcome(MPI_Comm_dup(MPI_COMM_WORLD, communicator), "MPI_Comm_dup");
    return code ? code : outcome(MPI_Comm_set_errhandler(*communicator, MPI_ERRORS_RETURN), "MPI_Comm_set_errhandler");
}

static int begin(size_t longest_piece_bytes) {
    int level = 0;
    int code = outcome(MPI_Init_thread(NULL, NULL, MPI_THREAD_SERIALIZED, &level), "MPI_Init_thread");
    if (code) return code;
    if (level < MPI_THREAD_SERIALIZED) {
        snprintf(mpi.error, sizeof mpi.error, "MPI_Init_thread: this library allows only one thread ever to call it");
        return -1;
    }
    MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
    if ((code = duplicate(&mpi.messages))) return code;
    if ((code = duplicate(&mpi.sums))) return code;
    MPI_Comm_rank(mpi.messages, &mpi.rank);
    MPI_Comm_size(mpi.messages, &mpi.count);
    // Whole numbers in every piece, whose count MPI keeps in an int.
    size_t piece = longest_piece_bytes < ((size_t)1 << 30) ? longest_piece_bytes : (size_t)1 << 30;
    mpi.longest_piece = piece < sizeof(float) ? sizeof(float) : piece - piece % sizeof(float);
    for (int slot = 0; slot < POSTED && !code; slot++) code = post(slot);
    return code;
}

static int rank(void) { return mpi.rank; }
static int count(void) { return mpi.count; }

static murmur_mpi_transfer *new_transfer(size_t pieces) {
    murmur_mpi_transfer *transfer = mpi.free;
    if (transfer != NULL) {
        mpi.free = transfer->next;
    } else if ((transfer = malloc(sizeof *transfer)) == NULL) {
        abort();
    }
    transfer->count = 0;
    transfer->done = 0;
    transfer->requests = pieces <= 1 ? &transfer->one : malloc(pieces * sizeof(MPI_Request));
    if (transfer->requests == NULL) abort();
    return transfer;
}

static void free_transfer(murmur_mpi_transfer *transfer) {
    if (transfer->requests != &transfer->one) free(transfer->requests);
    transfer->next = mpi.free;
    mpi.free = transfer;
}

// Tells whether all of a transfer's requests are over, and forgets it when they are.
static int test(murmur_mpi_transfer *transfer) {
    while (transfer->done < transfer->count) {
        int is_done = 0;
        int code = MPI_Test(&transfer->requests[transfer->done], &is_done, MPI_STATUS_IGNORE);
        if (code != MPI_SUCCESS) return outcome(code, "MPI_Test");
        if (!is_done) return 0;
        transfer->done++;
    }
    free_transfer(transfer);
    return 1;
}

static int send_envelope(const void *envelope, int to, murmur_mpi_transfer **started) {
    murmur_mpi_transfer *transfer = new_transfer(1);
    memcpy(transfer->envelope, envelope, MURMUR_MPI_ENVELOPE_BYTES);
    *started = NULL;
    int code = MPI_Isend(transfer->envelope, MURMUR_MPI_ENVELOPE_BYTES, MPI_BYTE, to, TAG_ENVELOPE, mpi.messages,
                         &transfer->requests[0]);
    if (code != MPI_SUCCESS) {
        free_transfer(transfer);
        return outcome(code, "MPI_Isend of an envelope");
    }
    transfer->count = 1;
    int is_done = test(transfer);
    if (is_done == 0) *started = transfer;
    return is_done < 0 ? is_done : 0;
}

static int next_envelope(void *envelope, int *from) {
    // Posted receives match in the order in which they were posted, so only the first needs a look.
    int is_done = 0;
    MPI_Status status;
    int code = MPI_Test(&mpi.posted[mpi.first], &is_done, &status);
    if (code != MPI_SUCCESS) return outcome(code, "MPI_Test of an envelope");
    if (!is_done) return 0;
    memcpy(envelope, mpi.envelopes[mpi.first], MURMUR_MPI_ENVELOPE_BYTES);
    *from = status.MPI_SOURCE;
    code = post(mpi.first);
    mpi.first = (mpi.first + 1) % POSTED;
    return code ? code : 1;
}

// Starts one piece; `bytes` and `size` are those of the piece.
typedef int piece_start(void *context, char *bytes, size_t size, MPI_Request *request);

// A transfer in pieces: at least one, so that an empty message is a message.
static murmur_mpi_transfer *start(char *bytes, size_t size, piece_start *piece, void *context) {
    size_t pieces = size == 0 ? 1 : (size + mpi.longest_piece - 1) / mpi.longest_piece;
    murmur_mpi_transfer *transfer = new_transfer(pieces);
    for (size_t offset = 0; transfer->count < pieces; offset += mpi.longest_piece) {
        size_t rest = size - offset;
        size_t length = rest < mpi.longest_piece ? rest : mpi.longest_piece;
        // Pieces that were begun stay under way for ever: an error here is the end of the run.
        if (piece(context, bytes + offset, length, &transfer->requests[transfer->count])) return NULL;
        transfer->count++;
    }
    return transfer;
}

struct way {
    int other;
    int tag;
};

static int send_piece(void *context, char *bytes, size_t size, MPI_Request *request) {
    struct way *way = context;
    int code = MPI_Isend(bytes, (int)size, MPI_BYTE, way->other, way->tag, mpi.messages, request);
    return outcome(code, "MPI_Isend");
}

static murmur_mpi_transfer *send_bytes(const void *bytes, size_t size, int to, int stream) {
    struct way way = {to, TAG_STREAM + stream};
    return start((char *)bytes, size, send_piece, &way);
}

static int receive_piece(void *context, char *bytes, size_t size, MPI_Request *request) {
    struct way *way = context;
    int code = MPI_Irecv(bytes, (int)size, MPI_BYTE, way->other, way->tag, mpi.messages, request);
    return outcome(code, "MPI_Irecv");
}

static murmur_mpi_transfer *receive_bytes(void *bytes, size_t size, int from, int stream) {
    struct way way = {from, TAG_STREAM + stream};
    return start(bytes, size, receive_piece, &way);
}

struct sum {
    const char *numbers;
    char *sums;
};

static int sum_piece(void *context, char *sums, size_t size, MPI_Request *request) {
    struct sum *sum = context;
    const char *numbers = sum->numbers + (sums - sum->sums);
    int code = MPI_Iallreduce(numbers, sums, (int)(size / sizeof(float)), MPI_FLOAT, MPI_SUM, mpi.sums, request);
    return outcome(code, "MPI_Iallreduce");
}

static murmur_mpi_transfer *sum_numbers(const float *numbers, float *sums, size_t count) {
    struct sum sum = {(const char *)numbers, (char *)sums};
    return start((char *)sums, count * sizeof(float), sum_piece, &sum);
}

static int end(void) {
    for (int slot = 0; slot < POSTED; slot++) {
        MPI_Cancel(&mpi.posted[slot]);
        MPI_Wait(&mpi.posted[slot], MPI_STATUS_IGNORE);
    }
    MPI_Comm_free(&mpi.messages);
    MPI_Comm_free(&mpi.sums);
    return outcome(MPI_Finalize(), "MPI_Finalize");
}

static void abort_all(int code) { MPI_Abort(MPI_COMM_WORLD, code); }

static double ping_pong(void *block, size_t size, int rounds) {
    if (size > INT_MAX || mpi.rank > 1) return -1;
    double begin = 0;
    int code = MPI_SUCCESS;
    // The first time there and back is not counted: the other rank may still have been on its way here.
    for (int turn = -2; turn < 2 * rounds && code == MPI_SUCCESS; turn++) {
        if (turn == 0) begin = MPI_Wtime();
        if ((turn & 1) == mpi.rank) {
            code = MPI_Send(block, (int)size, MPI_BYTE, 1 - mpi.rank, TAG_PING, mpi.messages);
        } else {
            code = MPI_Recv(block, (int)size, MPI_BYTE, 1 - mpi.rank, TAG_PING, mpi.messages, MPI_STATUS_IGNORE);
        }
    }
    return outcome(code, "MPI_Send or MPI_Recv") ? -1 : MPI_Wtime() - begin;
}

#if defined(OPEN_MPI)
#define FLAVOUR "openmpi"
#elif defined(MPICH_VERSION) || defined(MPICH_NAME)
#define FLAVOUR "mpich"
#else
#define FLAVOUR "other"
#endif

const murmur_mpi *murmur_mpi_plugin(void) {
    static const murmur_mpi table = {
        .version = MURMUR_MPI_VERSION,
        .flavour = FLAVOUR,
        .library_version = library_version,
        .error_text = error_text,
        .begin = begin,
        .rank = rank,
        .count = count,
        .send_envelope = send_envelope,
        .next_envelope = next_envelope,
        .send = send_bytes,
        .receive = receive_bytes,
        .sum = sum_numbers,
        .test = test,
        .end = end,
        .abort = abort_all,
        .ping_pong = ping_pong,
    };
    return &table;
}
