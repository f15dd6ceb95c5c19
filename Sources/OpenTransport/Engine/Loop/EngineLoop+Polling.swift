import Glibc
import Runtime

// How it waits.
extension EngineLoop {
    private enum Source {
        case pipe
        case listener
        case link(EngineLink)
        case dial(Dialing, Int32)
    }

    /// Waits until a socket can be used, time is up or somebody wakes it, and uses what can be.
    func waitForSockets() {
        var (polls, sources): ([pollfd], [Source]) = ([], [])
        func add(_ source: Source, _ descriptor: Int32, _ events: Int32) {
            polls.append(pollfd(fd: descriptor, events: Int16(events), revents: 0))
            sources.append(source)
        }
        add(.pipe, pipe.descriptor, POLLIN)
        if let listener, now >= acceptPause { add(.listener, listener.descriptor, POLLIN) }
        for link in links { add(.link(link), link.socket.descriptor, events(of: link)) }
        for dial in dials {
            for (socket, _) in dial.sockets { add(.dial(dial, socket.descriptor), socket.descriptor, POLLOUT) }
        }
        let isBusy = links.contains { $0.mayHoldMore }
        // In whole milliseconds, and never a little too early.
        let patience = isBusy ? 0 : max(0, min(nextDeadline - now + 999_999, 60_000_000_000) / 1_000_000)
        let found = poll(&polls, nfds_t(polls.count), Int32(patience))
        now = clock.nanoseconds()
        guard found > 0 || isBusy else { return }
        for (source, poll) in zip(sources, polls) {
            let events = Int32(poll.revents)
            switch source {
            case .pipe: if events != 0 { pipe.drain() }
            case .listener: if events != 0 { acceptAll() }
            case .dial(let dial, let descriptor): if events != 0 { settle(dial, descriptor) }
            case .link(let link): use(link, events)
            }
        }
    }

    private func events(of link: EngineLink) -> Int32 {
        switch link.stage {
        // What comes meanwhile waits in the socket.
        case .awaitingNode: 0
        case .handshake: link.needsWriting ? POLLOUT : POLLIN
        case .secured, .greeted, .draining: link.needsWriting ? POLLIN | POLLOUT : POLLIN
        }
    }

    private func use(_ link: EngineLink, _ events: Int32) {
        guard events != 0 || link.mayHoldMore, links.contains(where: { $0 === link }) else { return }
        if events & POLLOUT != 0 { link.needsWriting = false }
        switch link.stage {
        case .handshake: handshake(link)
        case .secured, .greeted: if link.mayHoldMore || events & ~POLLOUT != 0 { read(link) }
        case .awaitingNode: if events & (POLLHUP | POLLERR) != 0 { lose(link) }
        case .draining: if events & ~POLLOUT != 0 { discard(link) }
        }
    }

    /// Reads and forgets what comes on a link that is over. Closes it with the other end's last byte.
    private func discard(_ link: EngineLink) {
        var budget = EngineLimits.turnByteCount
        while budget > 0 {
            let count = recv(link.socket.descriptor, &scratch, scratch.count, 0)
            guard count > 0 else {
                if count == 0 || errno != EAGAIN && errno != EINTR { remove(link) }
                return
            }
            budget -= count
        }
    }
}
