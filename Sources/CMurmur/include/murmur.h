// The C interface of Murmuration: peers that train the caller's own parameters. Simulation and algorithms from outside
// stand in murmur_simulation.h.
//
// Every function returns a status of enum murmur_status unless it says otherwise. Below MURMUR_ERRORS all is well; from
// there on murmur_last_error() gives one sentence that says what is wrong and what to do about it.
//
// Strings are UTF-8 and end with 0. What a caller hands in is read before the function returns and stays the caller's,
// but for the memory of tensors, which must stay where it is until the peer is closed or told otherwise
// (murmur_peer_move). Handles are tokens and no addresses: one that is closed, or never was, is refused by
// MURMUR_CLOSED. A process that was forked off may call nothing but the functions without a status: MURMUR_FORKED.
//
// No function keeps its caller longer than about a tenth of a second: those that wait return MURMUR_WAITING, and the
// caller goes on by murmur_peer_wait when it has looked after what else it has to do, such as a signal. The library
// handles no signals, and its threads block all of them.
#ifndef MURMUR_H
#define MURMUR_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Grows whenever a caller that was written for the version before could go wrong. New functions, and new fields at the
// end of structures that begin with `size`, leave it as it is.
#define MURMUR_INTERFACE_VERSION 1

// The version of the interface that the library was built with. Any thread, any process.
uint32_t murmur_interface_version(void);

// The version of the library for people, such as "0.1.0"; static memory. Any thread, any process.
const char *murmur_version(void);

// The sentence for the last error on the calling thread, without a full stop; empty where there was none. It stays
// until the thread's next error. Any process.
const char *murmur_last_error(void);

// What a function returns. Numbers are never used again.
enum murmur_status {
    // Done.
    MURMUR_OK = 0,
    // Not done yet, and nothing is wrong: call murmur_peer_wait.
    MURMUR_WAITING = 1,
    // The peer takes no further step: it has made all of them, was told to finish, or was asked by another one to end.
    MURMUR_FINISHED = 2,

    MURMUR_ERRORS = 16,
    // An argument, algorithm, option or layout that cannot be.
    MURMUR_INVALID = 16,
    // The handle is of no open peer.
    MURMUR_CLOSED = 17,
    // The peer belongs to another thread: the one that opened it, or called murmur_peer_adopt.
    MURMUR_WRONG_THREAD = 18,
    // This process was forked off from the one that opened the library; open a peer in a process of its own.
    MURMUR_FORKED = 19,
    // The call does not fit what the peer is at: a step while it waits, an answer to no command.
    MURMUR_OUT_OF_TURN = 20,
    // The other processes carry out something else: the sentence names the first difference.
    MURMUR_MISMATCH = 21,
    // The processes could not be joined, or the one that was needed is gone.
    MURMUR_UNREACHABLE = 22,
    // The algorithm has no way on, such as all-reduce after a death. The peer answers nobody any more.
    MURMUR_ABANDONED = 23,
    // Bytes that are no state of this peer.
    MURMUR_STATE = 24,
    // The system refused memory or a thread.
    MURMUR_SYSTEM = 25,
};

// ---------------------------------------------------------------------------------------------------------------------
// What is there
// What is known of an algorithm before a peer is opened.
typedef struct murmur_traits {
    // sizeof(murmur_traits), set by the caller.
    uint32_t size;
    // 1 where the algorithm reads or changes the gradient itself: then murmur_peer_gradient takes the place of
    // murmur_peer_step, before the optimizer's step. Else 0.
    uint32_t reads_gradient;
    // 1 where commands may ask for a score.
    uint32_t needs_scores;
    // How many peers must be opened with `is_server`.
    uint32_t servers;
    // 1 where all peers make their steps together, and so the same number of them.
    uint32_t is_lock_step;
    // 1 where it has a momentum of its own, so that an optimizer with one is refused.
    uint32_t brings_momentum;
    // 1 where it runs over open links, where peers come and go.
    uint32_t is_open;
    // 1 where it needs a compressor.
    uint32_t needs_compression;
} murmur_traits;

// The traits of an algorithm with these options, a JSON object or NULL. Any thread.
int32_t murmur_algorithm_traits(const char *algorithm, const char *options, murmur_traits *traits);

// All algorithms as JSON: a list of objects with `name`, `summary` and `options`, each of these with `name`, `default`
// and `meaning`. Puts the length there, and as many bytes as there is room for, the last of them 0; `text` may be NULL
// where `room` is 0. Any thread.
int32_t murmur_algorithms(char *text, uint64_t room, uint64_t *length);

// ---------------------------------------------------------------------------------------------------------------------
// Peers: one a process or one of several in it, each on the thread that steps it
// A peer that was opened; a token, never to be looked into.
typedef struct murmur_peer murmur_peer;

// One tensor of the model: float32 numbers, row-major, without gaps.
typedef struct murmur_tensor {
    // Unique among the peer's tensors.
    const char *name;
    // Where its numbers lie, aligned to 4 bytes. The library reads and writes them only while the peer's thread is in
    // one of its calls, but see `announces_steps`. No two tensors overlap.
    float *data;
    // The extent of each dimension, outermost first; none for a single number.
    const int64_t *shape;
    uint32_t dimensions;
} murmur_tensor;

// What a peer is to do. Zero stands for the default everywhere.
typedef struct murmur_peer_settings {
    // sizeof(murmur_peer_settings).
    uint32_t size;
    // 1 for a server: it has no tensors and makes no steps, and its model is what the learners begin with.
    uint32_t is_server;
    // The name of the algorithm, and its options as a JSON object; NULL for none.
    const char *algorithm;
    const char *algorithm_options;
    // The graph, with its options and those of the mixing weights; NULL for `complete`, everybody with everybody.
    const char *topology;
    const char *topology_options;
    // What makes fewer bytes of vectors on links, with its options, `error_feedback` and `rate`; NULL for nothing.
    const char *compression;
    const char *compression_options;
    // The way to the other processes; NULL for the one whose launcher has started this process, and for none where none
    // has: then the peer is alone.
    const char *transport;
    const char *transport_options;
    // The model's tensors in an order that all processes have.
    const murmur_tensor *tensors;
    uint64_t tensor_count;
    // Steps to make; 0 where that is not known: then until murmur_peer_finish.
    uint64_t steps;
    // Training samples of this peer, and steps in which it goes through them once; 0 where that is not known.
    uint64_t samples;
    uint64_t steps_per_epoch;
    // What all draws of the algorithm follow from; the same in all processes.
    uint64_t seed;
    // 1 where the optimizer remembers gradients.
    uint32_t optimizer_has_momentum;
    // 1 where each process begins with parameters of its own. Else those of the first learner go to all.
    uint32_t keeps_own_start;
    // 1 where the caller calls murmur_peer_stepping before each step of the optimizer. Then the library may have no
    // copy of the parameters while nothing of the algorithm asks for them, and may read the tensors at any time but
    // between that call and murmur_peer_step. They lie where they are until murmur_peer_move or murmur_peer_close.
    uint32_t announces_steps;
    uint32_t reserved;
} murmur_peer_settings;

// What the caller is to do now.
enum murmur_action {
    // Go on with the training loop: the tensors hold the parameters at which the next gradient is to be taken.
    MURMUR_ACTION_NONE = 0,
    // Let the optimizer step: the tensors hold the parameters, the gradients what it is to step along. Then call
    // murmur_peer_done.
    MURMUR_ACTION_STEP = 1,
    // Say how well the parameters in the tensors do on validation samples: murmur_peer_done with the score, the higher
    // the better (the loss below nothing where `scores_loss`).
    MURMUR_ACTION_SCORE = 2,
};

// What a call that came to an end wants.
typedef struct murmur_command {
    // One of enum murmur_action.
    int32_t action;
    // 1 where the score wanted is the loss below nothing, also where there is an accuracy.
    uint32_t scores_loss;
    // 1 where the library has written tensors since the caller's last look: what caches them is to be made again, and
    // what lies on another device is to be copied there.
    uint32_t wrote_parameters;
    // 1 where it has written the gradients.
    uint32_t wrote_gradients;
    // 1 where the optimizer is to forget its momentum and moments, as at the beginning, before it steps again.
    uint32_t resets_optimizer;
} murmur_command;

// What a batch came to.
typedef struct murmur_batch {
    // Mean loss of the batch.
    float loss;
    // Samples in the batch; 0 counts as 1.
    uint32_t samples;
    // The learning rate of this step.
    float learning_rate;
    uint32_t reserved;
} murmur_batch;

// Opens a peer: checks the settings, begins a thread, which joins the other processes and compares what all are about
// to do. Puts a handle there. MURMUR_INVALID also for a second peer on tensors that another open peer has.
// The status is then MURMUR_WAITING: murmur_peer_wait says MURMUR_OK when the first gradient is wanted, or why there is
// none to come. The peer belongs to the calling thread, and is to be closed whatever comes of it.
int32_t murmur_peer_open(const murmur_peer_settings *settings, murmur_peer **peer);

// Goes on waiting for whatever returned MURMUR_WAITING; after murmur_peer_open for the first gradient. At a server for
// its end. Where nothing is waited for, it returns what the last wait came to.
int32_t murmur_peer_wait(murmur_peer *peer, murmur_command *command);

// The optimizer is about to step, and the library keeps its hands off the tensors until it has. Only where
// `announces_steps`; a call that is not followed by a step does no harm.
int32_t murmur_peer_stepping(murmur_peer *peer);

// The optimizer has stepped: the tensors hold what it made of the parameters that lay there. MURMUR_OK when the next
// gradient is wanted, or a command is to be carried out. MURMUR_FINISHED after the last step: the tensors then hold the
// model, and further calls say so again and leave them as they are.
int32_t murmur_peer_step(murmur_peer *peer, const murmur_batch *batch, murmur_command *command);

// The same where the algorithm `reads_gradient`: the gradient of each tensor lies at `gradients`, in their order, with
// the tensor's shape (NULL for one of zeros), and the optimizer has not stepped. The addresses hold until the command
// is MURMUR_ACTION_NONE.
int32_t murmur_peer_gradient(
    murmur_peer *peer, const murmur_batch *batch, float *const *gradients, murmur_command *command);

// The command was carried out; `score` counts after MURMUR_ACTION_SCORE alone. Puts the next one there.
int32_t murmur_peer_done(murmur_peer *peer, double score, murmur_command *command);

// The tensors lie elsewhere now, in their order and with the numbers that they had. Never while a call waits.
int32_t murmur_peer_move(murmur_peer *peer, float *const *data);

// The peer belongs to the calling thread from now on. Never while another thread is in one of its calls.
int32_t murmur_peer_adopt(murmur_peer *peer);

// The peer makes no further step and goes on answering the others. MURMUR_WAITING until all of them are done or gone:
// then MURMUR_FINISHED. The tensors then hold the model.
int32_t murmur_peer_finish(murmur_peer *peer, murmur_command *command);

// Closes a peer, at once: to the others it is done where murmur_peer_finish has come to its end, else gone. Its thread
// has ended, or no longer touches tensors, when this returns. Any thread; closing again does nothing and is MURMUR_OK.
int32_t murmur_peer_close(murmur_peer *peer);

// Has the exact average taken of the models of all learners that are not gone, each of which must ask for it after some
// step. MURMUR_WAITING until it is there; MURMUR_OK puts the numbers to `into`, tensor by tensor in their order.
// `count` is how many there are in all tensors, and `into` must stay until then.
int32_t murmur_peer_consensus(murmur_peer *peer, float *into, uint64_t count);

// Has the peer's state put together: algorithm, session and vectors, without the optimizer's and without the data's.
// All processes must ask for it, after some step. MURMUR_WAITING until no message is under way; MURMUR_OK puts the
// number of bytes there, which murmur_peer_take_state then gives once; `count` must stay until then.
int32_t murmur_peer_save(murmur_peer *peer, uint64_t *count);
int32_t murmur_peer_take_state(murmur_peer *peer, uint8_t *into, uint64_t count);

// Lets the peer go on from a state, in all processes at once and each from its own of one moment, before or between
// steps. MURMUR_OK: the tensors hold the parameters at which the next gradient is to be taken.
int32_t murmur_peer_restore(murmur_peer *peer, const uint8_t *state, uint64_t count, murmur_command *command);

// What a peer has done so far.
typedef struct murmur_peer_metrics {
    // sizeof(murmur_peer_metrics), set by the caller.
    uint32_t size;
    // This process among all, from 0, and how many of them there were at the beginning.
    uint32_t rank;
    uint32_t ranks;
    // How many of them are there, this one included.
    uint32_t ranks_here;
    // Steps made, and samples in their batches.
    uint64_t steps;
    uint64_t samples;
    // Messages of the algorithm, and bytes of the payloads sent.
    uint64_t messages_sent;
    uint64_t messages_received;
    uint64_t bytes_sent;
    // Mean loss over the samples since the metrics were last asked for; NaN where there was none.
    double loss;
    // Seconds since the first gradient was wanted, and those of them in which the caller waited in calls.
    double seconds;
    double waiting_seconds;
    // How often parameters were copied from the tensors, and to them.
    uint64_t copies_in;
    uint64_t copies_out;
} murmur_peer_metrics;

// Puts the metrics there. Any thread.
int32_t murmur_peer_metrics_now(murmur_peer *peer, murmur_peer_metrics *metrics);

#ifdef __cplusplus
}
#endif

#endif
