import Membership

// What goes over a connection, byte by byte.
extension EngineLoop {
    /// Reads what has come, up to a link's turn, and handles it.
    func read(_ link: EngineLink) {
        link.mayHoldMore = false
        var budget = EngineLimits.turnByteCount
        while budget > 0 {
            let room = room(link)
            let count: Int
            do throws(SecureFailure) {
                if let room {
                    count = try link.channel.fill(room.payload, room.range)
                } else {
                    // No more than up to the next part of a payload, so that it need not be moved.
                    let most = link.incoming.isEmpty ? scratch.count : link.reader.missingByteCount
                    count = try link.channel.read(into: &scratch, most: most).count
                }
            } catch {
                return failReading(link, error)
            }
            guard count > 0 else { return heard(link) }
            budget -= count
            link.receivedByteCount += count
            receivedByteCount += count
            guard let room else {
                guard handle(scratch[..<count], link) else { return }
                continue
            }
            link.reader.skip(count)
            carryOut(link.state.handle(.receivedPart(frame: room.frame, byteCount: count), now: now), link)
            guard !link.isOver else { return }
            // No more has come.
            guard count == room.range.count else { return heard(link) }
        }
        link.mayHoldMore = true
        heard(link)
    }

    /// Handles the items of some bytes. False where the link has ended, or waits.
    private func handle(_ bytes: ArraySlice<UInt8>, _ link: EngineLink) -> Bool {
        var bytes = bytes
        while true {
            let item: Item?
            do throws(ItemError) {
                item = try link.reader.next(from: &bytes)
            } catch {
                breach(link, .malformed(error))
                return false
            }
            guard let item else { return true }
            switch link.stage {
            case .secured:
                received(hello: item, link)
                // Who has greeted waits for the answer.
                if !bytes.isEmpty, !link.isOver { finish(link, .broken) }
                return false
            case .greeted: carryOut(link.state.handle(.received(item), now: now), link)
            case .handshake, .awaitingNode, .draining: return false
            }
            guard !link.isOver else { return false }
        }
    }

    /// All data counts as life; membership need not hear of every piece.
    private func heard(_ link: EngineLink) {
        guard link.isCounted, now - link.heardAt >= LinkLimits.second / 4 else { return }
        link.heardAt = now
        tell(.heard(link.linkNumber))
    }

    private func failReading(_ link: EngineLink, _ failure: SecureFailure) {
        link.isBroken = true
        guard case .greeted = link.stage else { return fail(link, failure) }
        // In TLS 1.3 the dialer is refused after it has greeted.
        if failure != .ended { return fail(link, failure) }
        carryOut(link.state.handle(.disconnected, now: now), link)
    }

    // MARK: Out

    /// Writes what there is to say, up to a link's turn.
    func flush(_ link: EngineLink) {
        guard !link.needsWriting, !link.isBroken, !link.isStranger else { return }
        var budget = EngineLimits.turnByteCount
        while budget > 0 {
            if link.outgoing.count < EngineLimits.chunkByteCount / 4 { fill(link) }
            guard !link.outgoing.isEmpty else { break }
            do throws(SecureFailure) {
                let (count, progress) = try link.channel.write(link.outgoing.front)
                link.outgoing.remove(count)
                budget -= count
                link.sentByteCount += count
                sentByteCount += count
                if count == 0 {
                    link.needsWriting = progress == .needsWriting
                    return
                }
                link.wroteAt = now
            } catch {
                return failWriting(link)
            }
        }
        if link.isOver, link.outgoing.isEmpty { shutDown(link) }
    }

    private func failWriting(_ link: EngineLink) {
        link.isBroken = true
        link.outgoing = OutgoingBytes()
        // What the other end has said last may still be read.
        if link.isOver { shutDown(link) } else if !link.isOpen { read(link) } else { lose(link) }
    }

    private func shutDown(_ link: EngineLink) {
        guard !link.hasShutDown else { return }
        link.hasShutDown = true
        if !link.isBroken { link.channel.shutDown() }
        link.socket.shutDownWriting()
    }

    /// Adds what may go now: first what is small.
    private func fill(_ link: EngineLink) {
        guard link.isOpen else { return }
        link.control.move(to: &link.outgoing, now: now)
        announceFrames(link)
        let count = link.frames.nextByteCount
        guard count > 0, upload?.spend(Double(count), now: now) != false else { return }
        link.frames.moveChunk(to: &link.outgoing)
    }

    /// Until when a link needs nothing unless its socket tells.
    func deadline(of link: EngineLink) -> Int64 {
        if case .draining(let end) = link.stage { return end }
        var deadline = min(link.state.nextDeadline ?? .max, link.greetingDeadline)
        guard link.isOpen, !link.needsWriting else { return deadline }
        // What waits for its rate is looked at again soon.
        if !link.control.isEmpty { deadline = min(deadline, now + LinkLimits.second / 20) }
        if link.frames.hasWaiting { deadline = min(deadline, now + LinkLimits.second / 100) }
        if link.frames.hasLeaving { deadline = min(deadline, upload == nil ? now : now + LinkLimits.second / 50) }
        return deadline
    }

    /// Adds an item to what waits to be said.
    func queue(_ item: Item, _ link: EngineLink) {
        guard link.isOpen else { return }
        if !link.control.append(item) { lose(link) }
    }
}
