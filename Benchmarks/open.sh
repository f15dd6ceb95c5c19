# Sourced by script/bench: the parts that measure the open network. Each peer is a process of its own, which computes on
# one thread and has synthetic data. Wants $root, $murmur, $scratch, `median` and `pairs`.
say() { echo "bench: $*" >&2; }
folder="$scratch/peers"
mkdir "$folder"
source "$root/Tests/cluster/peers.sh"

# What each peer sets for itself: they all go on until they are killed.
own=(steps=1000000000 evaluate.every_epochs=1000000 threads_per_peer=1 data.test_samples=100)

# found HOST ADDRESS SETTINGS...: anna, who founds a group, begins a run there; $invitation leads to it. Port 0 is
# a free one.
found() {
    local host="$1" address="$2"
    shift 2
    [[ -d "$folder/anna" ]] || as anna group new lab >/dev/null
    begin anna "$host" train transport.name=tls "${own[@]}" "transport.listen=$address" data.name=synthetic \
        algorithm.name=gosgd "$@"
    within 60 "anna listens" said anna "listens at "
    address="$(heard anna "listens at " | sed 's/listens at //; s/,.*//')"
    invitation="$(as anna group invite lab --seed "$address" 2>/dev/null)"
    within 60 "anna makes steps" has_lived anna 1
}

# enter PEER HOST ADDRESS SETTINGS...: a newcomer, under a key of its own.
enter() {
    local peer="$1" host="$2" address="$3"
    shift 3
    begin "$peer" "$host" join "$invitation" "${own[@]}" "transport.listen=$address" "$@"
}

# killed PEER...: they are gone at once, without a word.
killed() {
    local peer
    for peer in "$@"; do
        kill -KILL "${pids[$peer]}"
        # The shell would say so.
        wait "${pids[$peer]}" 2>/dev/null || true
        unset "pids[$peer]"
    done
}

# pulses PEER: its seconds of training and its samples so far, a line about every second.
pulses() {
    sed -n 's/^{"kind":"pulse",.*"time":\([0-9.e+-]*\),.*"samples":\([0-9]*\),.*/\1 \2/p' \
        "$folder/$1.run/metrics.jsonl" 2>/dev/null || true
}

# lived PEER: its seconds of training when it last said how it stood.
lived() { pulses "$1" | awk '{ last = $1 } END { print last + 0 }'; }
has_lived() { holds "$(lived "$1") >= $2"; }

# pace_of PEER FROM SECONDS: its samples a second in so many seconds from that time of its training on.
pace_of() {
    pulses "$1" | awk -v from="$2" -v seconds="$3" '
        $1 >= from && !begun { begun = 1; time = $1; samples = $2 }
        begun && $1 >= from + seconds { printf "%.3f\n", ($2 - samples) / ($1 - time); exit }'
}

# together SECONDS PEER...: waits for so long, then prints the samples a second of all of them together.
together() {
    local seconds="$1" peer
    local -A from=()
    shift
    for peer in "$@"; do from[$peer]="$(lived "$peer")"; done
    for peer in "$@"; do
        within $((2 * seconds + 60)) "$peer trains for $seconds s" has_lived "$peer" "${from[$peer]} + $seconds"
        pace_of "$peer" "${from[$peer]}" "$seconds"
    done | awk '{ sum += $1 } END { printf "%.1f\n", sum }'
}

# soon COMMAND...: until it succeeds, looking a hundred times a second.
soon() {
    local end=$((SECONDS + 60))
    until "$@"; do
        ((SECONDS <= end)) || fail "not in time: $*"
        sleep 0.01
    done
}

has_step() { grep -qs '"split":"train"' "$folder/$1.run/metrics.jsonl"; }

# joins NAME SETTINGS...: seconds from the start of a newcomer's process to its first link, and to the end of its first
# step, by which it has taken over the model of the other one. It also makes its key, and takes the invitation.
joins() {
    local name="$1" number begun times="$scratch/times"
    shift
    found 0 127.0.0.1:0 "$@"
    rm -f "$times".*
    for ((number = 0; number < rounds; number++)); do
        local peer="newcomer$number"
        rm -rf "${folder:?}/$peer"
        begun="${EPOCHREALTIME/./}"
        # Where an epoch and the run are so short, each step leaves a line in the records.
        enter "$peer" 0 127.0.0.1:0 steps=1000 data.train_samples=40
        soon said "$peer" "joined through"
        echo "$begun ${EPOCHREALTIME/./}" | awk '{ printf "%.2f\n", ($2 - $1) * 1e-6 }' >>"$times.link"
        soon has_step "$peer"
        echo "$begun ${EPOCHREALTIME/./}" | awk '{ printf "%.2f\n", ($2 - $1) * 1e-6 }' >>"$times.step"
        said "$peer" "model of" || fail "$peer trains without the model of the other one" "$peer"
        echo "  $name: first link after $(tail -n 1 "$times.link") s, first step made after" \
            "$(tail -n 1 "$times.step") s, $(heard "$peer" "model of") of them"
        kill -TERM "${pids[$peer]}"
        ended "$peer" 143 60
    done
    killed anna
    echo "$name: medians of $(median <"$times.link") s to the first link," \
        "$(median <"$times.step") s to the first step made"
}

join() {
    joins "join, cnn" model.name=cnn data.samples=2000 batch=16
    # 11.2 million parameters, and steps that are short for them.
    joins "join, a model of 45 MB" model.name=mlp "model.hidden=[3315, 3315]" data.samples=2000 data.size=8 batch=4
}

death() {
    local rounds="${ROUNDS:-2}" seconds=30 number before after
    # Each sleeps for three of four milliseconds, as if it had a machine of its own: else the dead one's share of this
    # machine is the others'.
    local own=("${own[@]}" "stragglers={0: 4}")
    found 0 127.0.0.1:0 model.name=mlp data.samples=2000 data.size=8 batch=20 algorithm.probability=0.2
    for peer in bert carl; do enter "$peer" 0 127.0.0.1:0; done
    : >"$scratch/ratios"
    for ((number = 0; number < rounds; number++)); do
        enter dora 0 127.0.0.1:0
        within 90 "all four are linked" all_know 4 3 anna bert carl dora
        before="$(together "$seconds" anna bert carl)"
        killed dora
        after="$(together "$seconds" anna bert carl)"
        ratio4 "$after" "$before" | tee -a "$scratch/ratios" |
            awk -v a="$after" -v b="$before" '{ printf "  death: %s / %s samples/s = %s\n", a, b, $1 }'
        within 90 "the others know who is gone" all_know 3 2 anna bert carl
    done
    killed anna bert carl
    echo "samples/s of three peers in the $seconds s behind kill -9 of the fourth over those before:" \
        "median ratio $(median <"$scratch/ratios")"
}

ratio4() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.4f\n", a / b }'; }

# has_hosts PART: whether hosts can be made here; says so where they cannot.
has_hosts() {
    local lack
    lack="$("$root/script/hosts" missing)"
    [[ -z "$lack" ]] || { echo "$1: left out, $lack" && return 1; }
}

# Three hosts with a peer each, with links of DELAY_MS,RATE_MBIT, on which all three train.
apart_begin() {
    "$root/script/hosts" up 3 ${1/,/ }
    touch "$scratch/hosts-are-up"
    found 1 10.77.0.1:7946 model.name=cnn data.samples=6000 "algorithm.probability=$probability"
    for number in 2 3; do enter "host$number" "$number" "10.77.0.$number:7946"; done
    within 60 "all three are linked" all_know 3 2 "${apart[@]}"
    for peer in "${apart[@]}"; do within 60 "$peer trains" has_lived "$peer" 2; done
}

apart_end() {
    killed "${apart[@]}"
    "$root/script/hosts" down
    rm "$scratch/hosts-are-up"
}

# DELAY_MS,RATE_MBIT: samples a second of three peers on such hosts.
apart_rate() {
    # Called in a shell of its own.
    trap end_all EXIT
    apart_begin "$1"
    together 12 "${apart[@]}"
    apart_end
}

apart() {
    local network="${NETWORK:-20,100}" measure=apart_rate apart=(anna host2 host3) probability="${PROBABILITY:-0.05}"
    local rounds="${ROUNDS:-3}"
    has_hosts apart || return 0
    pairs "open network, gosgd, p=$probability, samples/s on hosts apart over near ones" "$network" 0,100000
}

# peak_kB PEER: the most memory that it has had.
peak_kB() { awk '$1 == "VmHWM:" { print $2 }' "/proc/${pids[$1]}/status"; }

memory() {
    local network="${NETWORK:-20,100}" apart=(anna host2 host3) probability="${PROBABILITY:-0.05}" seconds=30 alone peer
    has_hosts memory || return 0
    begin solo 0 train "${own[@]}" peers=1 algorithm.name=centralized model.name=cnn data.name=synthetic \
        data.samples=6000
    within 120 "a peer alone trains" has_lived solo "$seconds"
    alone="$(peak_kB solo)"
    killed solo
    apart_begin "$network"
    within 120 "$seconds s pass" has_lived host3 "$seconds"
    for peer in "${apart[@]}"; do peak_kB "$peer"; done | sort -n | awk -v alone="$alone" -v model_MB=1.687 '
        { printf "  memory: %.1f / %.1f MB = %.4f\n", $1 * 1.024e-3, alone * 1.024e-3, $1 / alone }
        END {
            more_MB = ($1 - alone) * 1.024e-3
            printf "cnn, peak memory on hosts apart: %.1f MB more than alone, or %.1f MB without the six models", \
                more_MB, more_MB - 6 * model_MB
            print " that may be under way, two out and four in"
        }'
    apart_end
}
