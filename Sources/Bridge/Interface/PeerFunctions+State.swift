// Names of functions are those of the C interface.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

public import CMurmur
import Runtime

// The functions of murmur.h about what a peer has come to.

/// Begins to average all models.
@c @implementation
public func murmur_peer_consensus(
    _ peer: OpaquePointer?, _ into: UnsafeMutablePointer<Float>?, _ count: UInt64
) -> Int32 {
    call { () throws(BridgeError) in
        guard let into else { throw .missing("into") }
        let host = try own(peer)
        guard count == UInt64(host.tensors.count) else {
            throw BridgeError(
                .invalid,
                "the parameters are \(host.tensors.count) numbers, and there is room for \(count); give as many")
        }
        return status(of: try host.begin(.consensus(TensorMemory([into], counts: [host.tensors.count]))), nil)
    }
}

/// Begins to put the state together.
@c @implementation
public func murmur_peer_save(_ peer: OpaquePointer?, _ count: UnsafeMutablePointer<UInt64>?) -> Int32 {
    call { () throws(BridgeError) in
        guard let count else { throw .missing("count") }
        return status(of: try own(peer).begin(.save(CountPlace(count))), nil)
    }
}

/// Hands the state over.
@c @implementation
public func murmur_peer_take_state(
    _ peer: OpaquePointer?, _ into: UnsafeMutablePointer<UInt8>?, _ count: UInt64
) -> Int32 {
    call { () throws(BridgeError) in
        guard let into else { throw .missing("into") }
        guard let state = try own(peer).takeState() else {
            throw BridgeError(.outOfTurn, "there is no state to take; call murmur_peer_save first")
        }
        guard state.count == Int(clamping: count) else {
            throw BridgeError(
                .invalid, "the state has \(state.count) bytes, and there is room for \(count); give as many")
        }
        into.update(from: state, count: state.count)
        return Int32(MURMUR_OK.rawValue)
    }
}

/// Begins to go on from a state.
@c @implementation
public func murmur_peer_restore(
    _ peer: OpaquePointer?, _ state: UnsafePointer<UInt8>?, _ count: UInt64,
    _ command: UnsafeMutablePointer<murmur_command>?
) -> Int32 {
    call { () throws(BridgeError) in
        guard let state else { throw .missing("state") }
        let bytes = Array(UnsafeBufferPointer(start: state, count: Int(clamping: count)))
        return status(of: try own(peer).begin(.restore(bytes)), command)
    }
}

/// What the peer has done so far.
@c @implementation
public func murmur_peer_metrics_now(
    _ peer: OpaquePointer?, _ metrics: UnsafeMutablePointer<murmur_peer_metrics>?
) -> Int32 {
    call { () throws(BridgeError) in
        guard let metrics else { throw .missing("metrics") }
        guard metrics.pointee.size >= UInt32(MemoryLayout<murmur_peer_metrics>.size) else {
            throw BridgeError(.invalid, "set `size` to sizeof(murmur_peer_metrics)")
        }
        let figures = try OpenPeers.peer(peer).figures()
        metrics.pointee = murmur_peer_metrics(
            size: metrics.pointee.size, rank: UInt32(figures.rank), ranks: UInt32(figures.ranks),
            ranks_here: UInt32(figures.ranksHere), steps: figures.statistics.steps,
            samples: UInt64(figures.statistics.samples), messages_sent: UInt64(figures.statistics.messagesSent),
            messages_received: UInt64(figures.statistics.messagesReceived),
            bytes_sent: UInt64(figures.statistics.bytesSent), loss: figures.loss ?? .nan, seconds: figures.seconds,
            waiting_seconds: figures.waitingSeconds, copies_in: figures.copiesIn, copies_out: figures.copiesOut)
        return Int32(MURMUR_OK.rawValue)
    }
}
