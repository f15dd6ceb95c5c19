/// The passes of one slot that a peer has under way: its own, or those of a peer for whom it stands in.
///
/// None overtakes another at any stop, so that gradients come in the order of the microbatches, whatever the order in
/// which messages arrive.
struct Lane: Sendable, Codable {
    /// A pass under way.
    struct Flight: Sendable, Codable {
        let pass: Pass
        /// Stops that it has made.
        var stops = 0
        /// Exchanges within the stage that it has come to.
        var exchanges = 0
        /// What it waits for; nil while it is computed, or needs nothing.
        var awaited: PassStop?
        var isComputing = true
        /// Whether it is on its way back.
        var isBackward = false
    }

    let slot: Int
    /// The first microbatch that passes here.
    let first: UInt64
    /// Whether the slot is that of a dead peer.
    let isTakenUp: Bool
    /// The microbatch that begins next.
    var next: UInt64
    /// Ascending by their microbatches.
    private(set) var flights: [Flight] = []

    init(slot: Int, from microbatch: UInt64 = 0, isTakenUp: Bool = false) {
        self.slot = slot
        first = microbatch
        self.isTakenUp = isTakenUp
        next = microbatch
    }

    /// The pass that begins now.
    mutating func begin() -> Pass {
        let pass = Pass(microbatch: next, slot: slot)
        flights.append(Flight(pass: pass))
        next += 1
        return pass
    }

    subscript(microbatch: UInt64) -> Flight? {
        get { flights.first { $0.pass.microbatch == microbatch } }
        set {
            guard let index = flights.firstIndex(where: { $0.pass.microbatch == microbatch }) else { return }
            if let newValue { flights[index] = newValue } else { flights.remove(at: index) }
        }
    }

    /// Those that may go on without overtaking, the earliest first.
    var movable: [Flight] {
        flights.indices.filter { index in
            !flights[index].isComputing && (index == 0 || flights[index - 1].stops > flights[index].stops)
        }.map { flights[$0] }
    }

    /// Gives up the passes of microbatches for which that holds, and hands them over.
    mutating func drop(where isDropped: (UInt64) -> Bool) -> [Flight] {
        let dropped = flights.filter { isDropped($0.pass.microbatch) }
        flights.removeAll { isDropped($0.pass.microbatch) }
        return dropped
    }
}
