# Sourced by Tests/cluster/open: peers and links that are lost for a while or for good.

# cable HOST up|down
cable() { ip -n "$net" link set "port$1" "$2"; }

losses() {
    kill -STOP "${pids[bert]}"
    sleep 15
    go_on 60 anna carl
    kill -CONT "${pids[bert]}"
    within 90 "bert is linked again" all_know 3 2 anna bert carl
    go_on 60 anna bert carl
    say "SIGSTOP for 15 s: the others go on, and all three afterwards ... ok"

    cable 3 down
    within 90 "the others see that carl has no link" has anna links "== 1"
    go_on 60 anna bert carl
    cable 3 up
    within 180 "carl is linked again" all_know 3 2 anna bert carl
    go_on 60 anna bert carl
    say "a cable pulled for longer than the silence: each side goes on, and all are one group again ... ok"

    join olga 4
    within 90 "olga joins" all_know 4 3 anna bert carl olga
    for host in 3 4; do ip -n "$net" link set "port$host" master bridge1; done
    within 90 "each half has lost its links to the other" few_links 1 anna bert carl olga
    go_on 60 anna bert carl olga
    for host in 3 4; do ip -n "$net" link set "port$host" master bridge0; done
    within 180 "the halves find together" all_know 4 3 anna bert carl olga
    go_on 60 anna bert carl olga
    say "a partition into halves that heals: each goes on, and all are one group again ... ok"

    # So far nobody has died, and no doubt has run out: who is last holds all of the weight.
    local peer
    for peer in olga carl bert; do
        mark anna
        kill -TERM "${pids[$peer]}"
        ended "$peer" 143 120
        within 30 "anna hears that $peer has left" said anna "has left"
        holds "$(summary "$peer" weight_mass) == 0" || fail "$peer has taken weight with it"
    done
    within 60 "anna says how it stands" has anna weight "> 0.999999999"
    say "SIGTERM: code 143, and nothing taken along: the last one has all of the weight ... ok"
    join bert 2
    join carl 3
    within 90 "two come again" all_know 3 2 anna bert carl
    go_on 60 anna bert carl

    join hugo 4
    within 90 "hugo trains" all_know 4 2 anna hugo
    as anna group revoke "$(id hugo)" >/dev/null
    refused hugo 77 "revoked" "revoked while it trains"

    # What else goes on on the machine changes, so that the best of three counts.
    local before part number
    for number in 1 2 3; do
        before="$(pace 10 anna bert)"
        mark anna bert
        kill -KILL "${pids[carl]}"
        ended carl 137 30
        within 30 "no link leads to the killed" few_links 1 anna bert
        sleep 6
        part="$(ratio "$(pace 10 anna bert)" "$before")"
        for peer in anna bert; do
            within 120 "$peer knows who is gone" said "$peer" "was silent for too long"
        done
        join carl 3
        within 90 "the killed one comes again" all_know 3 2 anna bert carl
        ! holds "$part >= 0.9" || break
    done
    holds "$part >= 0.9" || fail "kill -9: the others make $part of their steps"
    say "kill -9: the others make $part of their steps, and know who is gone, and it comes again ... ok"

    kill -KILL "${pids[anna]}"
    ended anna 137 30
    go_on 60 bert carl
    join paul 4
    within 90 "a newcomer joins without the founder" all_know_of paul bert carl
    found_again
    within 180 "the founder is one of the others again" all_know 4 3 anna bert carl paul
    go_on 60 anna bert carl paul
    say "founder killed: the others go on, a newcomer gets in, the founder comes again as a joiner ... ok"

    for peer in paul carl bert anna; do
        kill -TERM "${pids[$peer]}"
        ended "$peer" 143 120
    done
    holds "$(summary anna weight_mass) > 0 && $(summary anna weight_mass) <= 1.000001" ||
        fail "the last one holds $(summary anna weight_mass) of the weight"
    say "all leave, the last one with $(summary anna weight_mass) of the weight; no more than the living had ... ok"
}

# few_links COUNT PEER...: nobody has more.
few_links() {
    local count="$1" peer
    shift
    for peer in "$@"; do has "$peer" links "<= $count" || return 1; done
}

# all_know_of PEER OTHER...: the peer is linked to each of them, and they make steps.
all_know_of() {
    local peer="$1"
    shift
    has "$peer" links ">= $#" && has "$peer" steps_total "> 0"
}

# The peer that began, on its own host, with others to dial.
found_again() {
    begin anna 1 train transport.name=tls "${experiment[@]}" "${own[@]}" "transport.listen=$(address 1)" \
        "transport.seeds=[$(address 2), $(address 3)]"
}
