import CMurmur

/// The caller's half of all peers of a simulation. When one of its functions fails, none is called any more.
///
/// `@unchecked Sendable` holds because a simulation calls them on its own thread alone: nothing is computed ahead.
final class LearningCallbacks: @unchecked Sendable {
    private let functions: murmur_learning
    /// What failed first, in a sentence; nil as long as nothing has.
    private(set) var failure: String?
    /// Whether one of them is under way, so that the simulation may not be asked for anything.
    private(set) var isCalling = false

    init(_ functions: murmur_learning) { self.functions = functions }

    var savesPeers: Bool { functions.save != nil && functions.restore != nil }
    var scores: Bool { functions.score != nil }

    /// Has the gradient computed at what lies in the peer's tensors, and written to `gradient` where it is wanted.
    func gradient(of peer: UInt32, into gradient: UnsafeMutablePointer<Float>?) -> murmur_batch {
        var batch = murmur_batch()
        call("gradient", peer) { functions.gradient?($0, peer, gradient, &batch) }
        return batch
    }

    /// Has the optimizer step at what lies in the peer's tensors.
    func step(_ peer: UInt32, along gradient: UnsafePointer<Float>?) {
        call("step", peer) { functions.step?($0, peer, gradient) }
    }

    func reset(_ peer: UInt32) {
        guard let reset = functions.reset else { return }
        call("reset", peer) { reset($0, peer) }
    }

    func score(_ peer: UInt32, byLoss: Bool) -> Double {
        var score = 0.0
        call("score", peer) { functions.score?($0, peer, byLoss ? 1 : 0, &score) }
        return score
    }

    func save(_ peer: UInt32) -> [UInt8] {
        var bytes: UnsafePointer<UInt8>?
        var count: UInt64 = 0
        call("save", peer) { functions.save?($0, peer, &bytes, &count) }
        return failure == nil ? Array(UnsafeBufferPointer(lent: bytes, count: count)) : []
    }

    func restore(_ peer: UInt32, _ bytes: [UInt8]) {
        bytes.withUnsafeBufferPointer { bytes in
            call("restore", peer) { functions.restore?($0, peer, bytes.baseAddress, UInt64(bytes.count)) }
        }
    }

    private func call(_ name: String, _ peer: UInt32, _ body: (UnsafeMutableRawPointer?) -> Int32?) {
        guard failure == nil else { return }
        isCalling = true
        defer { isCalling = false }
        let status = body(functions.context)
        if status != 0 { failure = "the caller's function '\(name)' has failed at peer \(peer)" }
    }
}
