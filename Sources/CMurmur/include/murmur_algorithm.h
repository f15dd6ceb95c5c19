// The C interface of Murmuration: algorithms from outside, which peers, the simulator and its checks then know by name.
//
// An algorithm is told events and says what should happen, in the vocabulary of the library's own. It holds no vector:
// it names them, and the library reads, mixes and sends them. It asks no clock and draws from murmur_random alone, so
// that the same seed gives the same run.
//
// What murmur.h says of statuses and strings holds here too. Structures that begin with `size` grow at their ends; who
// hands one in sets it to the structure's own size.
#ifndef MURMUR_ALGORITHM_H
#define MURMUR_ALGORITHM_H

#include "murmur.h"

#ifdef __cplusplus
extern "C" {
#endif

// ---------------------------------------------------------------------------------------------------------------------
// Vectors and what is made of them
enum murmur_vector_kind {
    // The parameters that this peer trains.
    MURMUR_VECTOR_MODEL = 0,
    // The gradient of the last answer; away while one is computed. Named beside murmur_effect.along only by algorithms
    // that say `reads_gradient`.
    MURMUR_VECTOR_GRADIENT = 1,
    // One that the algorithm keeps for itself, zero at first; `number` is 0 to 29.
    MURMUR_VECTOR_NAMED = 2,
    // What a message brought; `id` is the payload's number. Read only.
    MURMUR_VECTOR_RECEIVED = 3,
    // What a peer knows of the vector sent to it, over links that compress: `id` is the peer and `number` the tag. Read
    // only.
    MURMUR_VECTOR_TOLD = 4,
};

// A vector of the peer by its name; all have the length of the model, but for a received part.
typedef struct murmur_vector {
    uint32_t kind;
    uint32_t number;
    uint64_t id;
} murmur_vector;

// Piece `index` of `count` equal pieces of a vector; a count of 0 stands for the whole.
typedef struct murmur_part {
    uint32_t index;
    uint32_t count;
} murmur_part;

// weight x vector, or weight x (vector - origin) where `has_origin` is 1.
typedef struct murmur_term {
    double weight;
    murmur_vector vector;
    murmur_vector origin;
    murmur_part part;
    uint32_t has_origin;
    uint32_t reserved;
} murmur_term;

// The few numbers that travel with a vector.
typedef struct murmur_metadata {
    // The sender's round or step.
    uint64_t round;
    // The mass that travels with it; 0 where there is none.
    double weight;
    // What the message means, where there are several kinds.
    uint32_t tag;
    uint32_t reserved;
} murmur_metadata;

// ---------------------------------------------------------------------------------------------------------------------
// Events
enum murmur_event_kind {
    // Once, before all others.
    MURMUR_EVENT_START = 0,
    // The gradient that was asked for is there: `loss`, `learning_rate`, `samples`.
    MURMUR_EVENT_GRADIENT_READY = 1,
    // `vector` holds the average over all peers.
    MURMUR_EVENT_AVERAGED = 2,
    // How well the vector does that was to be scored: `score`, the higher the better.
    MURMUR_EVENT_SCORED = 3,
    // `distances` of the vectors that were to be measured, in their order; infinite where one is not finite.
    MURMUR_EVENT_MEASURED = 4,
    // A message came from `peer`: `payload` where `has_payload` is 1, and `metadata`. It goes with the event unless it
    // is kept.
    MURMUR_EVENT_RECEIVED = 5,
    // The receiver has handled `message`.
    MURMUR_EVENT_DELIVERED = 6,
    // The receiver will never handle `message`: its value comes back as `payload` where `has_payload` is 1.
    MURMUR_EVENT_RETURNED = 7,
    // `peer` is there, or there again; or is gone.
    MURMUR_EVENT_PEER_JOINED = 8,
    MURMUR_EVENT_PEER_LEFT = 9,
    // The timer of that number rings.
    MURMUR_EVENT_TIMER = 10,
    // End after `step`; a later step that has begun is still finished.
    MURMUR_EVENT_STOP = 11,
    // This peer is about to leave while the others go on: what it holds of a whole is to go to others.
    MURMUR_EVENT_LEAVE = 12,
    // The run is over: what is kept is to be released.
    MURMUR_EVENT_END = 13,
};

// What has happened. Fields that the kind does not name are 0. It is the library's and lives until `handle` returns.
typedef struct murmur_event {
    uint32_t size;
    // One of enum murmur_event_kind. Kinds that an algorithm does not know it lets pass.
    uint32_t kind;
    // By this peer's own clock, since the run began.
    int64_t now_nanoseconds;
    float loss;
    float learning_rate;
    uint64_t samples;
    murmur_vector vector;
    double score;
    const double *distances;
    uint64_t distance_count;
    murmur_metadata metadata;
    uint64_t payload;
    uint32_t has_payload;
    uint32_t peer;
    uint64_t message;
    uint64_t timer;
    uint64_t step;
} murmur_event;

// ---------------------------------------------------------------------------------------------------------------------
// Effects
enum murmur_effect_kind {
    // Compute the gradient at terms[0] as it is now, a number times a whole vector; slow, answered by GRADIENT_READY.
    MURMUR_EFFECT_GRADIENT = 0,
    // model <- optimizer(model, gradient).
    MURMUR_EFFECT_UPDATE = 1,
    // vector <- the optimizer's step from `point` along `along`, applied to nothing.
    MURMUR_EFFECT_DIRECTION = 2,
    // vector, or its `part` <- sum of the terms. Terms with origins all have the same one.
    MURMUR_EFFECT_COMBINE = 3,
    // vector <- normal numbers of that standard `deviation`, drawn by `seed`, this `peer` and `metadata.round`.
    MURMUR_EFFECT_NOISE = 4,
    // vector <- the standard deviation of the terms' vectors in each coordinate.
    MURMUR_EFFECT_DEVIATION = 5,
    // vector <- what `rule` makes of terms[0], the own one, and of the others, in buckets of `bucket` that are averaged
    // first; `memory` (a named vector, where has_memory is 1) holds what a rule with a memory gave before.
    MURMUR_EFFECT_AGGREGATE = 6,
    // Replace the vector by its average over all peers, who must all ask for it; slow, answered by AVERAGED.
    MURMUR_EFFECT_AVERAGE = 7,
    // Test the vector; answered by SCORED after this event's other effects. The traits must say `needs_scores`.
    MURMUR_EFFECT_SCORE = 8,
    // Tell how far the terms' vectors are from `vector`; answered by MEASURED after this event's other effects.
    MURMUR_EFFECT_MEASURE = 9,
    // Send a snapshot of the vector (has_vector 1) or its `part`, or `metadata` alone, to `peer`. Gives the message's
    // number.
    MURMUR_EFFECT_SEND = 10,
    // Forget the optimizer's state.
    MURMUR_EFFECT_RESET_OPTIMIZER = 11,
    // `payload` came with this event and stays beyond it, until it is released; or is released.
    MURMUR_EFFECT_KEEP = 12,
    MURMUR_EFFECT_RELEASE = 13,
    // Ring `timer` at `at_nanoseconds`.
    MURMUR_EFFECT_TIMER = 14,
    // This peer asks for no more gradients; it still answers messages.
    MURMUR_EFFECT_FINISH = 15,
    // This peer cannot go on, for that `reason`, which the user reads.
    MURMUR_EFFECT_ABANDON = 16,
};

// How a vector is made of several, where not all are believed; with its two numbers.
enum murmur_rule {
    // Differences are shortened to numbers[0]; by a share of numbers[0] where numbers[1] is 1.
    MURMUR_RULE_CLIPPED = 0,
    // numbers[0] of the greatest and of the least are left out.
    MURMUR_RULE_TRIMMED_MEAN = 1,
    MURMUR_RULE_MEDIAN = 2,
    // numbers[0] steps; no distance counts as less than numbers[1].
    MURMUR_RULE_GEOMETRIC_MEDIAN = 3,
    // numbers[0] byzantine peers; the mean of numbers[1], 0 for all but those.
    MURMUR_RULE_KRUM = 4,
    // As MURMUR_RULE_CLIPPED, from what the rule gave before.
    MURMUR_RULE_CENTRED_CLIPPING = 5,
    // The nearest numbers[0]; the own vector keeps numbers[1].
    MURMUR_RULE_UBAR = 6,
};

// What should happen. Fields that the kind does not name are not looked at.
typedef struct murmur_effect {
    uint32_t size;
    // One of enum murmur_effect_kind.
    uint32_t kind;
    murmur_vector vector;
    murmur_vector point;
    murmur_vector along;
    murmur_vector memory;
    murmur_part part;
    uint32_t has_vector;
    uint32_t has_memory;
    const murmur_term *terms;
    uint64_t term_count;
    murmur_metadata metadata;
    uint32_t peer;
    // One of enum murmur_rule, and its numbers.
    uint32_t rule;
    double numbers[2];
    uint64_t bucket;
    double deviation;
    uint64_t seed;
    uint64_t payload;
    uint64_t timer;
    int64_t at_nanoseconds;
    const char *reason;
} murmur_effect;

// The effects of one event; the library's, and alive until `handle` returns.
typedef struct murmur_effects murmur_effects;

// Says what should happen next, after what was said before. Of a send, puts the message's number at `message`, which
// may be NULL. MURMUR_INVALID for what no peer could carry out. On the thread of `handle` alone.
int32_t murmur_effects_add(murmur_effects *effects, const murmur_effect *effect, uint64_t *message);

// ---------------------------------------------------------------------------------------------------------------------
// What an algorithm knows of the run
// Who sends to whom, and how peers weigh each other; alive as long as an instance that was made or restored with it.
typedef struct murmur_graph murmur_graph;

// The weight that a receiver puts on the value of a peer.
typedef struct murmur_weight {
    uint32_t peer;
    uint32_t reserved;
    double weight;
} murmur_weight;

// The weights of a receiver in a round that are not 0, its own among them, ascending by peer. Puts their count there,
// and as many as there is room for.
int32_t murmur_graph_row(
    const murmur_graph *graph, uint32_t receiver, uint64_t round, murmur_weight *weights, uint64_t room,
    uint64_t *count);

// Whom a peer sends to in a round, ascending, itself apart; likewise.
int32_t murmur_graph_receivers(
    const murmur_graph *graph, uint32_t sender, uint64_t round, uint32_t *peers, uint64_t room, uint64_t *count);

// The run as an algorithm of one peer knows it when it begins.
typedef struct murmur_setup {
    uint32_t size;
    // This peer. Learners are 0 to peers - 1, servers come behind them.
    uint32_t me;
    uint32_t peers;
    uint32_t is_server;
    // 1 for a peer that joins later.
    uint32_t is_joiner;
    // 1 where peers come and go over links, and numbers are places of this peer's own.
    uint32_t is_open;
    uint32_t optimizer_has_momentum;
    uint32_t joiner_count;
    // Those who join later, ascending.
    const uint32_t *joiners;
    uint64_t seed;
    // Training samples of this peer, and steps in which it goes through them once.
    uint64_t samples;
    uint64_t steps_per_epoch;
    // Steps that this peer is to make.
    uint64_t steps;
    const murmur_graph *graph;
} murmur_setup;

// A stream of random numbers, the same on every machine; 32 bytes to be kept in an algorithm's state.
typedef struct murmur_random {
    uint64_t words[4];
} murmur_random;

// The stream that the library's own algorithms draw from, by the run's seed, the peer and a round. Any thread, as the
// draws are; they return what they draw, and no status.
void murmur_random_begin(murmur_random *random, uint64_t seed, int64_t peer, uint64_t round);
// 64 bits.
uint64_t murmur_random_next(murmur_random *random);
// In [0, 1), with 53 random bits.
double murmur_random_uniform(murmur_random *random);
// One of 0 to bound - 1, all equally likely; 0 where the bound is 0.
uint64_t murmur_random_below(murmur_random *random, uint64_t bound);

// ---------------------------------------------------------------------------------------------------------------------
// Algorithms
// A conservation law: what all peers hold of it, messages under way carry (`mass` alone, as their weight) and dead
// peers took with them is always `total`.
typedef struct murmur_invariant {
    // "mass", or another name; laws of one name belong together.
    const char *name;
    double total;
    double held;
    // How far rounding may carry the sum; 0 for 1e-12.
    double tolerance;
} murmur_invariant;

// How an algorithm stands. It stays as it was from event to event; `handle` changes what has changed.
typedef struct murmur_standing {
    uint32_t size;
    // 1 where no gradient is asked for although the last step is over, since the next one begins by waiting.
    uint32_t awaits_next_step;
    // Steps that the others had made when this peer joined.
    uint64_t steps_missed;
    // What is tested and saved: at first 1 x the model.
    murmur_term evaluated;
    // What is conserved; read when the call returns. At first none.
    const murmur_invariant *invariants;
    uint64_t invariant_count;
} murmur_standing;

// What an algorithm lives through, each peer that is left making its steps; to be added up. Messages that are lost,
// late or doubled harm none.
enum murmur_fault {
    MURMUR_FAULT_CRASH = 1,
    MURMUR_FAULT_RESTART = 2,
    MURMUR_FAULT_JOIN = 32,
    MURMUR_FAULT_LEAVE = 64,
};

// What it needs of the graph and of the weights, in every round; to be added up.
enum murmur_need {
    MURMUR_NEED_ROW_STOCHASTIC = 1,
    MURMUR_NEED_COLUMN_STOCHASTIC = 2,
    MURMUR_NEED_DOUBLY_STOCHASTIC = 4,
    MURMUR_NEED_SYMMETRIC = 8,
    MURMUR_NEED_CONNECTED = 16,
    MURMUR_NEED_BIPARTITE = 32,
    MURMUR_NEED_POSITIVE_DIAGONAL = 64,
    MURMUR_NEED_CONSTANT = 128,
};

// What it makes of the topology.
enum murmur_graph_use {
    MURMUR_GRAPH_NONE = 0,
    // Who may send to whom.
    MURMUR_GRAPH_EDGES = 1,
    // How peers weigh each other, too.
    MURMUR_GRAPH_WEIGHTS = 2,
};

// An algorithm: what is known of it, and the functions that are it. An instance is one peer's state. Functions that
// return int32_t return 0; anything else, and the peer abandons its run. They are called on the thread of the peer, or
// on the simulation's; of one instance never two at once. None may call a function of the peer or the simulation.
typedef struct murmur_algorithm {
    uint32_t size;
    // The name by which it is chosen, in lower case, such as "my-gossip"; none of the library's own.
    const char *name;
    // One line.
    const char *summary;
    // Sums of enum murmur_fault and enum murmur_need; one of enum murmur_graph_use.
    uint32_t lives_through;
    uint32_t needs;
    uint32_t graph_use;
    uint32_t servers;
    // 1 where peers wait for each other in every step, so that all must end after the same one.
    uint32_t is_lock_step;
    // 1 where every step waits for those from whom the graph lets this peer hear in it.
    uint32_t keeps_step_with_neighbours;
    // 1 where it has a momentum of its own, so that an optimizer with one is refused.
    uint32_t brings_momentum;
    // 1 where it names the gradient beside UPDATE, and DIRECTION along it.
    uint32_t reads_gradient;
    uint32_t needs_scores;
    // 1 where a score is to be the loss below nothing, also where there is an accuracy.
    uint32_t scores_loss;
    // 1 where it needs no list of all peers.
    uint32_t is_open;
    uint32_t reserved;
    // Handed to each of the functions.
    void *context;
    // Makes one peer's instance. `options` is a JSON object. What it refuses to run with it says by a sentence at
    // `refusal`, which must stay until the thread's next call, and returns anything but 0. `standing` is as at first.
    int32_t (*make)(
        void *context, const murmur_setup *setup, const char *options, void **instance, murmur_standing *standing,
        const char **refusal);
    // Another instance in the same state.
    int32_t (*copy)(void *context, void *instance, void **copied);
    // The instance is not needed any more. Any thread.
    void (*release)(void *context, void *instance);
    // Handles one event.
    int32_t (*handle)(
        void *context, void *instance, const murmur_event *event, murmur_effects *effects, murmur_standing *standing);
    // The state as bytes, which stay until the thread's next call; and an instance of such bytes.
    int32_t (*save)(void *context, void *instance, const uint8_t **bytes, uint64_t *count);
    int32_t (*restore)(
        void *context, const murmur_setup *setup, const uint8_t *bytes, uint64_t count, void **instance);
} murmur_algorithm;

// Makes an algorithm known by its name, in this process and until its end: its context and functions must stay. One of
// that name that was registered before counts no more for peers that begin later. Any thread.
int32_t murmur_algorithm_register(const murmur_algorithm *algorithm);

// Tries an algorithm, of either kind, in one world that the seed draws: peers, graph, network, machines, and faults of
// what its traits promise to live through. `is_wild` takes network and machines to the ends of what there may be. Puts
// a JSON object there, with `complaints`, a list of texts that is empty where all promises held, and `world`, the
// drawn world; as much as there is room for, 0 behind it, and its length. On the calling thread, until it is through:
// some milliseconds beside what the algorithm itself takes.
int32_t murmur_algorithm_check(
    const char *algorithm, const char *options, uint64_t seed, uint32_t is_wild, char *text, uint64_t room,
    uint64_t *length);

#ifdef __cplusplus
}
#endif

#endif
