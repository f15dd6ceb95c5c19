// The face of the MPI plug-in: a table of functions in which no type of MPI appears. The program is built without MPI
// and opens the plug-in when it runs; the site compiles Plugins/mpi/murmur_mpi.c with its own mpicc.
//
// One thread at a time calls. Sizes are in bytes unless the name says otherwise. What can fail returns an error's
// number, always negative, or NULL; `error_text` then says what it was.
#ifndef MURMUR_MPI_H
#define MURMUR_MPI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Grows with every change of this file; the program refuses a plug-in of another version.
#define MURMUR_MPI_VERSION 1

// Envelopes are short messages of one size; any number may be under way.
#define MURMUR_MPI_ENVELOPE_BYTES 64

// A send, a receive or a sum under way, with all of its pieces.
typedef struct murmur_mpi_transfer murmur_mpi_transfer;

typedef struct murmur_mpi {
    uint32_t version;
    // "openmpi", "mpich" or "other".
    const char *flavour;

    // The library's own words about its version; may be called before `begin`.
    void (*library_version)(char *text, size_t size);
    // What the last error was.
    const char *(*error_text)(void);

    // Begins MPI, once in a process. Messages go in pieces of at most that many bytes. Returns 0 or an error.
    int (*begin)(size_t longest_piece_bytes);
    int (*rank)(void);
    int (*count)(void);

    // Starts to send a copy of an envelope. Returns 0 when it has left already and `*transfer` is NULL, or is leaving.
    int (*send_envelope)(const void *envelope, int to, murmur_mpi_transfer **transfer);
    // Fills in the next envelope that has come, in each sender's order. Returns 1, 0 where there is none, or an error.
    int (*next_envelope)(void *envelope, int *from);

    // Start to send and to receive bytes, which must stay where they are until `test` says so. Between two ranks the
    // transfers of one `stream` (0 to 15) match in the order in which they were started.
    murmur_mpi_transfer *(*send)(const void *bytes, size_t size, int to, int stream);
    murmur_mpi_transfer *(*receive)(void *bytes, size_t size, int from, int stream);
    // Starts to add up the ranks' numbers; all ranks call in the same order.
    murmur_mpi_transfer *(*sum)(const float *numbers, float *sums, size_t count);
    // Returns 1 when the transfer is over, and forgets it; 0 while it is not; or an error.
    int (*test)(murmur_mpi_transfer *transfer);

    // Takes leave of the other ranks, who must do the same.
    int (*end)(void);
    // Ends all ranks.
    void (*abort)(int code);

    // Plain MPI beside which the transport is measured: so many times there and back between ranks 0 and 1 by
    // MPI_Send and MPI_Recv from and to the block, after once for practice. Returns the seconds that it took, or a
    // negative number.
    double (*ping_pong)(void *block, size_t size, int rounds);
} murmur_mpi;

// The one symbol of a plug-in.
const murmur_mpi *murmur_mpi_plugin(void);

// What the program itself brings, in cmpi.c.

// Opens the plug-in in a file, which stays open. Returns NULL where it cannot, with the reason in `problem`.
const murmur_mpi *cmpi_open(const char *path, char *problem, size_t size);
// Lets the calling thread's waits end within so many nanoseconds of their time; Linux waits 50 us longer by default.
void cmpi_set_timer_slack(unsigned long nanoseconds);

#ifdef __cplusplus
}
#endif

#endif
