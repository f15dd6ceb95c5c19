// The C interface of Murmuration: many peers in virtual time, on the caller's own thread. The caller's functions
// compute gradients and carry out steps; who talks to whom when, how long things take and what goes wrong is
// simulated, and the same seed gives the same run to the bit as long as the caller's functions do.
//
// What murmur.h says of statuses, strings, handles and tensors holds here too. A simulation belongs to the thread that
// opened it. Its functions may not be called by the functions that it calls: MURMUR_OUT_OF_TURN.
#ifndef MURMUR_SIMULATION_H
#define MURMUR_SIMULATION_H

#include "murmur.h"
#include "murmur_algorithm.h"

#ifdef __cplusplus
extern "C" {
#endif

enum murmur_simulation_status {
    // One of the caller's functions has not returned 0. The simulation can only be closed.
    MURMUR_CALLBACK = 40,
};

// A simulation that was opened; a token, never to be looked into.
typedef struct murmur_simulation murmur_simulation;

// The caller's half of a peer. Each is called while the peer's tensors are the library's to write: what lies in them
// is said beside each. They return 0; anything else ends the simulation.
typedef struct murmur_learning {
    uint32_t size;
    uint32_t reserved;
    // Handed to each of the functions.
    void *context;
    // The tensors hold parameters: computes the gradient of the next batch there, and says what the batch came to. The
    // gradient stays with the caller for `step`; where `gradient` is not NULL it is also written there, tensor by
    // tensor in their order, as one row of numbers.
    int32_t (*gradient)(void *context, uint32_t peer, float *gradient, murmur_batch *batch);
    // The tensors hold parameters: lets the optimizer step from there, along the peer's last gradient; where `along`
    // is not NULL along that, which lies as in `gradient`.
    int32_t (*step)(void *context, uint32_t peer, const float *along);
    // Lets the optimizer forget its momentum and moments. NULL where there are none.
    int32_t (*reset)(void *context, uint32_t peer);
    // The tensors hold parameters: says how well they do on validation samples, the higher the better (the loss below
    // nothing where `scores_loss` is 1). NULL unless the algorithm needs scores.
    int32_t (*score)(void *context, uint32_t peer, uint32_t scores_loss, double *score);
    // What the peer remembers besides its parameters, as bytes that stay until the next call: the optimizer's state,
    // the last gradient, its place in its data, its random numbers. And the same taken over again. NULL unless peers
    // come back after a crash.
    int32_t (*save)(void *context, uint32_t peer, const uint8_t **bytes, uint64_t *count);
    int32_t (*restore)(void *context, uint32_t peer, const uint8_t *bytes, uint64_t count);
} murmur_learning;

// What is simulated. Zero stands for the default everywhere; what has a form in experiment files has it here, as JSON.
typedef struct murmur_simulation_settings {
    uint32_t size;
    // Learners.
    uint32_t peers;
    // Steps that each of them is to make.
    uint64_t steps;
    // Training samples of each peer, and steps in which it goes through them once; 0 where that is not known.
    uint64_t samples;
    uint64_t steps_per_epoch;
    // What all draws of the run follow from.
    uint64_t seed;
    // The name of an algorithm, of the library's own or registered, and its options as a JSON object; NULL for none.
    const char *algorithm;
    const char *algorithm_options;
    // The graph, with its options and those of the mixing weights; NULL for the ring.
    const char *topology;
    const char *topology_options;
    // What makes few bytes of vectors, by its name, with its options, `error_feedback` and `rate`; NULL for nothing.
    const char *compression;
    const char *compression_options;
    // The keys of `simulation` in experiment files as a JSON object: {"latency_ms": 20, "loss": 0.01}; NULL for
    // {}. Those that make no sense here are refused.
    const char *network;
    // What goes wrong, as a JSON list: [{"crash": 2, "at": "1s", "restart_after": "3s"}, {"drop": 0.1}]; NULL for [].
    const char *faults;
    // How many times slower some peers are, as a JSON object: {"3": 5}; NULL for {}.
    const char *stragglers;
    // 1 where the optimizer remembers gradients.
    uint32_t optimizer_has_momentum;
    // 1 where each peer begins with what its tensors hold. Else all begin with the first one's.
    uint32_t keeps_own_start;
} murmur_simulation_settings;

// Opens a simulation: checks the settings. The functions and their context must stay until it is closed.
int32_t murmur_simulation_open(
    const murmur_simulation_settings *settings, const murmur_learning *learning, murmur_simulation **simulation);

// Adds the next learner, with its tensors: as many and of the same names and shapes as the first one's. Servers, where
// the algorithm has some, are the library's own.
int32_t murmur_simulation_add(murmur_simulation *simulation, const murmur_tensor *tensors, uint64_t tensor_count);

// Handles up to so many events; 0 for all. MURMUR_WAITING where more are to come; MURMUR_FINISHED when nothing is left
// to happen, or a promise broke, or a peer could not go on: the report says which. The first call wants all learners
// added.
int32_t murmur_simulation_run(murmur_simulation *simulation, uint64_t events);

// Where a simulation stands.
typedef struct murmur_simulation_progress {
    uint32_t size;
    // 1 when it is over.
    uint32_t is_over;
    // Steps of all learners together, made and to be made.
    uint64_t steps;
    uint64_t steps_total;
    double virtual_seconds;
    // Mean loss over the batches since the progress was last asked for; NaN where there was none.
    double loss;
} murmur_simulation_progress;

// Puts the progress there. Between runs.
int32_t murmur_simulation_progress_now(murmur_simulation *simulation, murmur_simulation_progress *progress);

// All that the simulation has come to so far, as a JSON object: `ending` (running, completed, violated, diverged or
// abandoned) with its `sentence`, `violations`, `digest`, steps, messages, virtual seconds, mass, consensus distance,
// and what each learner has done. As much as there is room for, 0 behind it; puts its length there, which holds until
// the next run. Between runs.
int32_t murmur_simulation_report(murmur_simulation *simulation, char *text, uint64_t room, uint64_t *length);

// Puts the model that is tested and saved of a peer to `into`, tensor by tensor in their order; `count` is how many
// numbers there are. Servers come behind the learners. Between runs.
int32_t murmur_simulation_model(murmur_simulation *simulation, uint32_t peer, float *into, uint64_t count);

// The same of the average over all learners that live; the first server's where there is one.
int32_t murmur_simulation_consensus(murmur_simulation *simulation, float *into, uint64_t count);

// Puts each learner's model into its tensors, which hold anything while a simulation goes on. Between runs.
int32_t murmur_simulation_put_models(murmur_simulation *simulation);

// Closes a simulation. Closing again does nothing and is MURMUR_OK.
int32_t murmur_simulation_close(murmur_simulation *simulation);

#ifdef __cplusplus
}
#endif

#endif
