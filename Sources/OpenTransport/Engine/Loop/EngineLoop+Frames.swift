import Graphs
import Membership
import Runtime
import Vectors

// Frames of nodes, and their payloads.
extension EngineLoop {
    /// Takes a frame of the own node. One of a session that is over is settled at the next greeting.
    func send(_ frame: Frame) {
        guard let link = links.first(where: { $0.openPeer?.place == frame.to }),
            frame.incarnations.from == link.openPeer?.session
        else { return }
        if case .acknowledgement(let through) = frame.content { handled(through, link) }
        if let place = frame.place { link.places.sent = place }
        if !link.frames.append(frame) { return lose(link) }
        announceFrames(link)
    }

    /// Says what frames are to come, as many as may.
    func announceFrames(_ link: EngineLink) {
        while link.isOpen, let (number, opening) = link.frames.next(encoding(to: link), now: now) {
            carryOut(link.state.handle(.offered(frame: number, opening), now: now), link)
        }
    }

    /// 16 bits where both ends want that.
    private func encoding(to link: EngineLink) -> PayloadEncoding {
        let isHalved =
            settings.encoding == .bf16 && (link.theirs?.encodings ?? 0) & PayloadEncoding.bf16.bit != 0
        return isHalved ? .bf16 : .fp32
    }

    // MARK: In

    /// A frame has been announced; without a payload it is whole.
    func announced(_ number: UInt64, _ opening: FrameOpening, _ link: EngineLink) {
        guard let peer = link.openPeer, let frame = Frame(opening, from: peer, after: &link.places.received) else {
            return breach(link, .frameHeader)
        }
        if link.isCounted, !link.hasFrames {
            link.hasFrames = true
            tell(.admitted(link.linkNumber))
        }
        if case .acknowledgement(let through) = frame.content { link.places.acknowledged = through }
        guard opening.payloadByteCount > 0 else {
            // Messages that come before a payload that was announced earlier wait at the node.
            if frame.isMessage { link.overtaking = link.incoming.isEmpty ? 0 : link.overtaking + 1 }
            guard link.overtaking <= EngineLimits.mostOvertaking else { return breach(link, .flood) }
            return hear(.frame(frame))
        }
        link.incoming[number] = IncomingModel(frame: frame, encoding: opening.encoding)
        grant(grants.announce(GrantKey(link: link.number, frame: number)))
    }

    /// Lets payloads come.
    private func grant(_ keys: [GrantKey]) {
        for key in keys {
            guard let link = link(key.link), link.isOpen, link.incoming[key.frame] != nil, let run else { continue }
            link.incoming[key.frame]?.payload = pool.awaited(count: run.parameterCount)
            carryOut(link.state.handle(.granted(frame: key.frame), now: now), link)
        }
    }

    /// The next bytes of a payload.
    func take(_ bytes: [UInt8], of number: UInt64, isLast: Bool, _ link: EngineLink) {
        guard let incoming = link.incoming[number], let payload = incoming.payload else { return }
        guard incoming.encoding.store(bytes, behind: incoming.receivedByteCount, in: payload) else {
            return breach(link, .strayChunk)
        }
        took(bytes.count, of: number, isLast: isLast, link)
    }

    /// Where the next bytes belong, by the number of their frame, if they are of a payload that travels as it lies and
    /// may come: there they are read at once, for each copy of a model takes time.
    func room(_ link: EngineLink) -> (frame: UInt64, payload: Payload, range: Range<Int>)? {
        guard link.isOpen, let (frame, count) = link.reader.chunk, let incoming = link.incoming[frame],
            incoming.encoding == .fp32, let payload = incoming.payload, link.state.incoming.admits(count, of: frame)
        else { return nil }
        let start = incoming.receivedByteCount
        return (frame, payload, start..<start + count)
    }

    /// The next bytes of a payload lie where they belong.
    func took(_ byteCount: Int, of number: UInt64, isLast: Bool, _ link: EngineLink) {
        guard var incoming = link.incoming[number], let payload = incoming.payload else { return }
        let size = Int(incoming.encoding.bytesPerNumber)
        let first = incoming.receivedByteCount / size
        incoming.receivedByteCount += byteCount
        // While they are still in the cache; one that is cut in two is looked at when it is whole.
        guard payload.isFinite(in: first..<incoming.receivedByteCount / size) else { return breach(link, .values) }
        link.incoming[number] = isLast ? nil : incoming
        guard isLast else { return }
        link.overtaking = 0
        if let place = incoming.frame.place { link.unhandled.append((number, place)) }
        hear(.frame(incoming.frame.carrying(payload)))
    }

    /// The node has handled all up to that place, and needs the memory of those no more.
    private func handled(_ through: UInt64, _ link: EngineLink) {
        link.places.handled = through
        let done = link.unhandled.filter { $0.place <= through }
        link.unhandled.removeAll { $0.place <= through }
        for (frame, _) in done { grant(grants.release(GrantKey(link: link.number, frame: frame))) }
    }

    /// The link is over, and all that it took.
    func letGo(_ link: EngineLink) {
        let frames = Array(link.incoming.keys) + link.unhandled.map(\.frame)
        (link.incoming, link.unhandled) = ([:], [])
        link.frames = FrameQueue(limits, now: now)
        for frame in frames { grant(grants.release(GrantKey(link: link.number, frame: frame))) }
    }
}
