#include "cassets.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char mesbah[] = {
#embed "../../Experiments/mesbah.yaml" suffix(, 0)
};
static const unsigned char gosgd[] = {
#embed "../../Experiments/gosgd.yaml" suffix(, 0)
};
static const unsigned char jin[] = {
#embed "../../Experiments/jin.yaml" suffix(, 0)
};
static const unsigned char grsgd[] = {
#embed "../../Experiments/grsgd.yaml" suffix(, 0)
};
static const unsigned char cdsgd[] = {
#embed "../../Experiments/cdsgd.yaml" suffix(, 0)
};
static const unsigned char fedavg[] = {
#embed "../../Experiments/fedavg.yaml" suffix(, 0)
};
static const unsigned char large_batch[] = {
#embed "../../Experiments/large-batch.yaml" suffix(, 0)
};
static const unsigned char nettorrent[] = {
#embed "../../Experiments/nettorrent.yaml" suffix(, 0)
};
static const unsigned char choco[] = {
#embed "../../Experiments/choco.yaml" suffix(, 0)
};
static const unsigned char relaysgd[] = {
#embed "../../Experiments/relaysgd.yaml" suffix(, 0)
};
static const unsigned char dumbbell[] = {
#embed "../../Experiments/dumbbell.yaml" suffix(, 0)
};
static const unsigned char distrib[] = {
#embed "../../Experiments/distrib.yaml" suffix(, 0)
};

// A line for each file of the folder Experiments, in the order of lists.
static const struct {
    const char *name;
    const unsigned char *text;
} experiments[] = {
    {"mesbah", mesbah},
    {"gosgd", gosgd},
    {"jin", jin},
    {"grsgd", grsgd},
    {"cdsgd", cdsgd},
    {"fedavg", fedavg},
    {"large-batch", large_batch},
    {"nettorrent", nettorrent},
    {"relaysgd", relaysgd},
    {"choco", choco},
    {"dumbbell", dumbbell},
    {"distrib", distrib},
};

int cassets_experiment_count(void) { return (int)(sizeof experiments / sizeof experiments[0]); }
const char *cassets_experiment_name(int number) { return experiments[number].name; }
const char *cassets_experiment_text(int number) { return (const char *)experiments[number].text; }
