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

# flood FILE: twenty handshakes of a member and two hundred connections of strangers in a second, until it is killed; a
# dot in the file for each.
flood() {
    local home="$folder/kate"
    while true; do
        (timeout 2 openssl s_client -connect 10.77.0.1:7946 -tls1_3 -key "$home/key" \
            -cert "$home/groups/lab/certificate.pem" -cert_chain "$home/groups/lab/certificate.pem" \
            </dev/null >/dev/null 2>&1; printf . >>"$1") &
        for _ in {1..10}; do (: >/dev/tcp/10.77.0.1/7946 && printf . >>"$1") 2>/dev/null || true; done
        sleep 0.05
    done
}

# slowloris COUNT: so many connections on which a byte comes now and then.
slowloris() {
    local number descriptors=() descriptor
    for ((number = 0; number < $1; number++)); do
        { exec {descriptor}<>/dev/tcp/10.77.0.1/7946; } 2>/dev/null && descriptors+=("$descriptor")
    done
    while true; do
        for descriptor in "${descriptors[@]}"; do printf '\x16' >&"$descriptor" || true; done 2>/dev/null
        sleep 1
    done
}

# from_host_4 FUNCTION WORDS...: goes on by itself; its number is in $attack.
from_host_4() {
    export -f flood slowloris
    folder="$folder" setsid "$root/script/hosts" on 4 bash -c '"$@"' - "$@" >/dev/null 2>&1 </dev/null &
    attack=$!
}
end_attack() {
    kill -KILL -- "-$attack" 2>/dev/null || true
    wait "$attack" 2>/dev/null || true
}

# pace_beside FUNCTION WORDS...: what part of their steps anna, bert and carl make while that goes on on host 4.
pace_beside() {
    local before during after
    before="$(pace 15 anna bert carl)"
    from_host_4 "$@"
    sleep 6
    during="$(pace 15 anna bert carl)"
    end_attack
    sleep 6
    after="$(pace 15 anna bert carl)"
    ratio "$during" "$(awk "BEGIN { print ($before + $after) / 2 }")"
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

    from_host_4 slowloris 100
    sleep 2
    join nora 3 "transport.listen=10.77.0.3:0"
    within 30 "nora joins beside slow strangers" said nora "joined through"
    kill -TERM "${pids[nora]}"
    ended nora 143 120
    end_attack
    within 90 "nora is forgotten" all_know 3 2 anna bert carl
    say "slowloris on 100 connections: $(grep -ho "joined through .*" "$folder/nora.log") meanwhile ... ok"

    as kate group accept "$invitation" >/dev/null
    local part count="$folder/handshakes" number
    : >"$count"
    # What else goes on on the machine changes, so that the best of three counts.
    for number in 1 2 3; do
        part="$(pace_beside flood "$count")"
        (($(wc -c <"$count") > 200)) || fail "a flood of handshakes: there were $(wc -c <"$count") alone"
        all_know 3 2 anna bert carl || fail "a flood of handshakes: the others are no more what they were"
        ! holds "$part >= 0.9" || break
    done
    holds "$part >= 0.9" || fail "a flood of handshakes: members make $part of their steps"
    say "$(wc -c <"$count") connections in a flood: members make $part of their steps ... ok"
}
