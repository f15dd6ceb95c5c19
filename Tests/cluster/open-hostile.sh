# Sourced by Tests/cluster/open: strangers and members that keep to nothing, all on host 4, and what becomes of the
# others meanwhile.

# ends_for PEER WORDS WHAT: what stdin holds makes anna end the link with a member for a breach.
ends_for() {
    as "$1" group accept "$invitation" >/dev/null
    mark anna
    (cat && sleep 3) | speak "$1" >"$folder/$1.log" 2>&1 || true
    within 30 "$3: anna ends the link" said anna "$2"
    say "$3: $(heard anna "$2") ... ok"
}

# from_host_4 FUNCTION FILE WORDS...: an attack that goes on by itself; its number is in $attack, and in the file a dot
# for each connection that it has made. It has what the peers leave of the processors, since a host of its own would
# take nothing from theirs.
from_host_4() {
    local command='echo 19 >/proc/self/autogroup; source "$0" && "$@"'
    : >"$2"
    folder="$folder" setsid "$root/script/hosts" on 4 nice -n 19 bash -c "$command" \
        "$root/Tests/cluster/open-attacks.sh" "$@" >/dev/null 2>&1 </dev/null &
    attack=$!
}

end_attack() {
    kill -KILL -- "-$attack" 2>/dev/null || true
    wait "$attack" 2>/dev/null || true
    attack=""
}

# made COUNT FILE: whether there were so many connections.
made() { (($(wc -c <"$2") >= $1)); }

# pace_beside FUNCTION WORDS...: leaves in $part what part of their steps the others make while that goes on on host 4.
pace_beside() {
    local before during after
    before="$(pace 15 anna bert carl)"
    from_host_4 "$@"
    sleep 6
    during="$(pace 15 anna bert carl)"
    end_attack
    sleep 6
    after="$(pace 15 anna bert carl)"
    part="$(ratio "$during" "$(awk "BEGIN { print ($before + $after) / 2 }")")"
}

hostile() {
    head -c 4096 /dev/urandom | ends_for lena "does not keep to the protocol" "garbled items"
    printf '\1\0\0\0\377\377\377\177\0\0\0\0\0\0\0\0' |
        ends_for mike "does not keep to the protocol" "an item of two gigabytes"
    head -c 100000 /dev/urandom | timeout 5 "$root/script/hosts" on 4 bash -c 'cat >/dev/tcp/10.77.0.1/7946' \
        2>/dev/null || true
    go_on 60 anna bert carl
    all_know 3 2 anna bert carl || fail "garbage on the port: the others are no more what they were"
    say "garbage on the port ... ok"

    local part count="$folder/connections" number
    from_host_4 slowloris "$count" 100
    within 30 "slow strangers connect" made 100 "$count"
    join nora 3 "transport.listen=10.77.0.3:0"
    within 30 "nora joins beside slow strangers" said nora "joined through"
    kill -TERM "${pids[nora]}"
    ended nora 143 120
    end_attack
    within 90 "nora is forgotten" all_know 3 2 anna bert carl
    say "slowloris on 100 connections: $(grep -ho "joined through .*" "$folder/nora.log") meanwhile ... ok"

    as kate group accept "$invitation" >/dev/null
    # What else goes on on the machine changes, so that the best of three counts.
    for number in 1 2 3; do
        pace_beside flood "$count"
        made 300 "$count" || fail "a flood of handshakes: there were $(wc -c <"$count") alone"
        all_know 3 2 anna bert carl || fail "a flood of handshakes: the others are no more what they were"
        ! holds "$part >= 0.9" || break
    done
    holds "$part >= 0.9" || fail "a flood of handshakes: members make $part of their steps"
    say "$(wc -c <"$count") connections in a flood: members make $part of their steps ... ok"
}
