# Sourced by the tests of the open network: peers as processes, each with a folder of its own, what they say and know.
# Wants $folder, $murmur, $root and say; hosts are those of script/hosts, and host 0 is this machine itself.
declare -A pids=()

# fail WHAT [PEER]: with the last words of that peer, or of all.
fail() {
    say "broken: $1"
    local log
    for log in "$folder"/${2:-*}.log; do
        echo "--- $log" >&2
        tail -n 15 "$log" >&2
    done
    exit 1
}

# on HOST COMMAND...: in the place of this shell.
on() {
    local host="$1"
    shift
    if ((host == 0)); then exec "$@"; else exec "$root/script/hosts" on "$host" "$@"; fi
}

# as PEER WORDS...: murmur as the user that the peer is.
as() {
    local peer="$1"
    shift
    MURMUR_HOME="$folder/$peer" "$murmur" "$@"
}

# begin PEER HOST WORDS...: murmur goes on by itself; what it says lies in $folder/PEER.log, its records in PEER.run.
begin() {
    local peer="$1" host="$2"
    shift 2
    rm -rf "$folder/$peer.run"
    : >"$folder/$peer.log"
    MURMUR_HOME="$folder/$peer" on "$host" "$murmur" "$@" --output "$folder/$peer.run" \
        >"$folder/$peer.log" 2>&1 </dev/null &
    pids[$peer]=$!
}

# ended PEER CODE SECONDS: the peer's process ends with that code by then.
ended() {
    local code=0
    within "$3" "$1 ends" is_over "${pids[$1]}"
    wait "${pids[$1]}" || code=$?
    unset "pids[$1]"
    [[ "$2" == any || "$code" == "$2" ]] || fail "$1 ended with code $code instead of $2" "$1"
}

is_over() { ! kill -0 "$1" 2>/dev/null; }

# end_all: whatever is still at work is killed.
end_all() {
    local peer
    for peer in "${!pids[@]}"; do kill -KILL "${pids[$peer]}" 2>/dev/null || true; done
    pids=()
}

# within SECONDS WHAT COMMAND...: the command succeeds by then, tried again and again. Seconds are generous, since other
# work may go on on the machine.
within() {
    local end=$((SECONDS + $1)) what="$2"
    shift 2
    until "$@"; do
        ((SECONDS <= end)) || fail "not in time: $what"
        sleep 0.1
    done
}

# said PEER WORDS: whether the peer has said so. From the line on that `mark PEER` has left.
said() { tail -n "+$((${marks[$1]:-0} + 1))" "$folder/$1.log" | grep -- "$2" >/dev/null; }
# heard PEER WORDS: the first line of that kind, from the words on.
heard() { tail -n "+$((${marks[$1]:-0} + 1))" "$folder/$1.log" | sed -n "s/.*\($2.*\)/\1/p" | sed -n 1p; }
declare -A marks=()
mark() {
    local peer
    for peer in "$@"; do marks[$peer]="$(wc -l <"$folder/$peer.log")"; done
}

# number PEER NAME: one of its status.prom, which is written every 5 s; 0 before there is one.
number() {
    local value
    value="$(awk -v name="murmur_$2{" 'index($1, name) == 1 { print $2 }' "$folder/$1.run/status.prom" 2>/dev/null)"
    echo "${value:-0}"
}

# has PEER NAME TEST: whether a number passes awk's test, such as '>= 2'.
has() { awk -v value="$(number "$1" "$2")" "BEGIN { exit !(value $3) }"; }

# id PEER: who it is.
id() { as "$1" key show | awk '$1 == "peer" { print $2 }'; }

# knows PEER COUNT LINKS: it sees so many peers, itself among them, and has so many links or more.
knows() { has "$1" peers "== $2" && has "$1" links ">= $3"; }

# all_know COUNT LINKS PEER...
all_know() {
    local count="$1" links="$2" peer
    shift 2
    for peer in "$@"; do knows "$peer" "$count" "$links" || return 1; done
}

# go_on SECONDS PEER...: each makes steps that it had not made before.
go_on() {
    local limit="$1" peer
    local -A before=()
    shift
    for peer in "$@"; do before[$peer]="$(number "$peer" steps_total)"; done
    for peer in "$@"; do
        within "$limit" "$peer makes steps" has "$peer" steps_total "> ${before[$peer]}"
        kill -0 "${pids[$peer]}" 2>/dev/null || fail "$peer has ended" "$peer"
    done
}

# pace SECONDS PEER...: steps a second of all of them together, from one status to another one that much later.
pace() {
    local seconds="$1" peer begun
    local -A steps=() times=()
    shift
    for peer in "$@"; do
        steps[$peer]="$(number "$peer" steps_total)" times[$peer]="$(number "$peer" training_seconds_total)"
    done
    for peer in "$@"; do
        begun="${times[$peer]}"
        within $((2 * seconds + 60)) "$peer says how it stands" \
            has "$peer" training_seconds_total ">= $begun + $seconds"
        echo "${steps[$peer]} $begun $(number "$peer" steps_total) $(number "$peer" training_seconds_total)"
    done | awk '{ sum += ($3 - $1) / ($4 - $2) } END { printf "%.1f", sum }'
}

# ratio A B: A / B.
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", (b > 0 ? a / b : 0) }'; }

# holds EXPRESSION: whether awk finds it true.
holds() { awk "BEGIN { exit !($1) }"; }

# summary PEER KEY: a number of its summary.json.
summary() { grep -Eo "\"$2\" ?: ?-?[0-9.eE+-]+" "$folder/$1.run/summary.json" | head -n 1 | sed 's/.*: *//'; }
