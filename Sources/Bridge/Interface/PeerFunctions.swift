// Names of functions are those of the C interface.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

public import CMurmur
import Runtime
import Threads
import Vectors

// The functions of murmur.h that make a peer train; what each does stands there.

/// Opens a peer.
@c @implementation
public func murmur_peer_open(
    _ settings: UnsafePointer<murmur_peer_settings>?, _ peer: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
    call { () throws(BridgeError) in
        guard let settings else { throw .missing("settings") }
        guard let peer else { throw .missing("peer") }
        let (read, memory) = try PeerSettings.read(settings.pointee)
        let host = PeerHost(read, memory, owner: cmurmur_thread())
        let environment = ProcessEnvironment.settings
        peer.pointee = try open(host) { () throws(BridgeError) in
            try PeerConnection.join(read.transport, environment: environment, clock: .system(host.clock))
        }
        return Int32(MURMUR_WAITING.rawValue)
    }
}

/// Takes a peer in and begins its thread, which joins the others that way.
func open(
    _ host: PeerHost, _ join: @escaping @Sendable () throws(BridgeError) -> PeerConnection
) throws(BridgeError) -> OpaquePointer {
    let token = try OpenPeers.add(host)
    try host.begin()
    do throws(ThreadShortage) {
        try SystemThread.start("murmur-peer") { host.run(join) }
    } catch {
        _ = OpenPeers.remove(token)
        throw BridgeError(.system, "\(error)")
    }
    return token
}

/// The peer that a token stands for, on the thread to which it belongs.
func own(_ peer: OpaquePointer?) throws(BridgeError) -> PeerHost {
    let host = try OpenPeers.peer(peer)
    try host.check(thread: cmurmur_thread())
    return host
}

/// Goes on waiting.
@c @implementation
public func murmur_peer_wait(_ peer: OpaquePointer?, _ command: UnsafeMutablePointer<murmur_command>?) -> Int32 {
    call { () throws(BridgeError) in status(of: try own(peer).wait(), command) }
}

/// The optimizer is about to step.
@c @implementation
public func murmur_peer_stepping(_ peer: OpaquePointer?) -> Int32 {
    call { () throws(BridgeError) in
        try own(peer).beginStep()
        return Int32(MURMUR_OK.rawValue)
    }
}

/// The optimizer has stepped.
@c @implementation
public func murmur_peer_step(
    _ peer: OpaquePointer?, _ batch: UnsafePointer<murmur_batch>?, _ command: UnsafeMutablePointer<murmur_command>?
) -> Int32 {
    call { () throws(BridgeError) in
        guard let batch else { throw .missing("batch") }
        return status(
            of: try own(peer).step(batch.pointee.report, batch.pointee.learning_rate, gradients: nil), command)
    }
}

/// The gradient is there, and the optimizer has not stepped.
@c @implementation
public func murmur_peer_gradient(
    _ peer: OpaquePointer?, _ batch: UnsafePointer<murmur_batch>?,
    _ gradients: UnsafePointer<UnsafeMutablePointer<Float>?>?, _ command: UnsafeMutablePointer<murmur_command>?
) -> Int32 {
    call { () throws(BridgeError) in
        guard let batch else { throw .missing("batch") }
        guard let gradients else { throw .missing("gradients") }
        let host = try own(peer)
        let outcome = try host.step(batch.pointee.report, batch.pointee.learning_rate) { parameters in
            parameters.moved(to: bases(gradients, host))
        }
        return status(of: outcome, command)
    }
}

/// The command was carried out.
@c @implementation
public func murmur_peer_done(
    _ peer: OpaquePointer?, _ score: Double, _ command: UnsafeMutablePointer<murmur_command>?
) -> Int32 {
    call { () throws(BridgeError) in status(of: try own(peer).reply(score: score), command) }
}

/// The parameters lie elsewhere.
@c @implementation
public func murmur_peer_move(_ peer: OpaquePointer?, _ data: UnsafePointer<UnsafeMutablePointer<Float>?>?) -> Int32 {
    call { () throws(BridgeError) in
        guard let data else { throw .missing("data") }
        let host = try own(peer)
        let moved = bases(data, host)
        guard !moved.contains(nil) else { throw .missing("a parameter's address") }
        host.tensors.move { $0.moved(to: moved) }
        return Int32(MURMUR_OK.rawValue)
    }
}

/// As many addresses as the peer has tensors.
private func bases(
    _ first: UnsafePointer<UnsafeMutablePointer<Float>?>, _ host: PeerHost
) -> [UnsafeMutablePointer<Float>?] {
    Array(UnsafeBufferPointer(start: first, count: host.settings.layout.entries.count))
}

/// The peer belongs to the calling thread.
@c @implementation
public func murmur_peer_adopt(_ peer: OpaquePointer?) -> Int32 {
    call { () throws(BridgeError) in
        try OpenPeers.peer(peer).adopt(cmurmur_thread())
        return Int32(MURMUR_OK.rawValue)
    }
}

/// No further step is made.
@c @implementation
public func murmur_peer_finish(_ peer: OpaquePointer?, _ command: UnsafeMutablePointer<murmur_command>?) -> Int32 {
    call { () throws(BridgeError) in status(of: try own(peer).begin(.finish), command) }
}

/// Closes the peer.
@c @implementation
public func murmur_peer_close(_ peer: OpaquePointer?) -> Int32 {
    call { () throws(BridgeError) in
        OpenPeers.remove(peer)?.close()
        return Int32(MURMUR_OK.rawValue)
    }
}

extension murmur_batch {
    fileprivate var report: GradientReport {
        GradientReport(loss: loss, correct: 0, samples: max(1, Int(samples)))
    }
}
