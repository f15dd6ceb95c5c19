# Sourced by Tests/cluster/open: who is not let in, each for its own reason and with its own exit code.

# refused PEER CODE WORDS WHAT: the peer ends with that code after one sentence with those words, and the others go on.
refused() {
    ended "$1" "$2" 90
    grep -q "^murmur: .*$3" "$folder/$1.log" || fail "$4: the sentence does not tell of '$3'" "$1"
    within 90 "$4: the others are what they were" all_know 3 2 anna bert carl
    say "$4: code $2 ... ok"
}

refusals() {
    as erik group new lab >/dev/null
    begin erik 4 join "$(as erik group invite lab $(seeds) 2>/dev/null)" "${own[@]}" --give-up 5s
    refused erik 77 "no seed of the group has answered .*its certificate is not of this group" "a foreign group"

    invitation="$invitation" join fred 4 optimizer.learning_rate=0.5
    refused fred 78 "optimizer.learning_rate: 0.5 here" "another experiment"

    as gina group accept "$(invite)" >/dev/null
    local gina
    gina="$(id gina)"
    as anna group revoke "$gina" >/dev/null
    within 60 "the run of who has revoked tells others" said bert "the group has revoked keys"
    begin gina 4 train transport.name=tls "${experiment[@]}" "${own[@]}"
    refused gina 77 "revoked" "a revoked peer"

    begin ivan 4 join "$(as anna group invite lab --seed 10.77.0.4:1 2>/dev/null)" "${own[@]}" --give-up 2s
    refused ivan 75 "no seed has answered" "nobody answers"

    mark anna
    # Without its own look at its certificate: it dials by other means.
    ((SECONDS >= dora_ends)) || sleep $((dora_ends - SECONDS))
    speak dora </dev/null >"$folder/dora.log" 2>&1 || true
    within 30 "anna says why" said anna "was not let in: .*expired"
    begin dora 4 train transport.name=tls "${experiment[@]}" "${own[@]}"
    refused dora 77 "expired" "an expired invitation"

    mkdir -p "$folder/judy/groups/lab"
    openssl req -x509 -newkey ed25519 -nodes -subj /CN=judy -days 1 -keyout "$folder/judy/key" \
        -out "$folder/judy/groups/lab/certificate.pem" 2>/dev/null
    mark anna
    speak judy </dev/null >"$folder/judy.log" 2>&1 || true
    within 30 "anna says why" said anna "was not let in: "
    go_on 60 anna bert carl
    say "a bad certificate: $(heard anna "let in: ") ... ok"
}

# speak PEER: what comes on stdin goes to anna inside TLS, from host 4, with the peer's certificate.
speak() {
    local home="$folder/$1"
    timeout "${2:-10}" "$root/script/hosts" on 4 openssl s_client -connect "$(address 1)" -tls1_3 -quiet -no_ign_eof \
        -key "$home/key" -cert "$home/groups/lab/certificate.pem" -cert_chain "$home/groups/lab/certificate.pem"
}
