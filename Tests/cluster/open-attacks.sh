# Sourced on host 4 by Tests/cluster/open-hostile.sh, in a shell of its own: attacks on the peer of host 1. Each writes
# a dot to its file for each connection that it has made. Wants $folder.

# flood FILE: twenty handshakes of a member and two hundred connections of strangers in a second, until it is killed.
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

# slowloris FILE COUNT: so many connections on which a byte comes now and then, and new ones for those that were closed.
slowloris() {
    trap '' PIPE
    local number descriptor
    local -A descriptors=()
    while true; do
        for ((number = 0; number < $2; number++)); do
            descriptor="${descriptors[$number]:-}"
            if [[ -n "$descriptor" ]] && printf '\x16' >&"$descriptor"; then continue; fi
            [[ -z "$descriptor" ]] || exec {descriptor}>&-
            { exec {descriptor}<>/dev/tcp/10.77.0.1/7946; } || continue
            descriptors[$number]="$descriptor"
            printf . >>"$1"
        done 2>/dev/null
        sleep 1
    done
}
