import CMurmur
import Gossip
import Graphs

/// What an algorithm from outside knows of the run, as it is told it: at the beginning, and of the graph at any time.
final class ForeignSetup: Sendable, Codable {
    let me: PeerID
    /// Learners.
    let peers: Int
    let isServer: Bool
    let isOpen: Bool
    /// Whether peers know of each other what they have of their vectors.
    let hasReplicas: Bool
    let mixing: MixingMatrix
    private let joiners: [UInt32]
    private let optimizerHasMomentum: Bool
    private let seed: UInt64
    private let samples: Int
    private let stepsPerEpoch: Int
    private let steps: UInt64

    init(_ setup: Setup) {
        me = setup.me
        peers = setup.peers
        isServer = setup.isServer
        isOpen = setup.isOpen
        hasReplicas = setup.linkRate != nil
        mixing = setup.mixing
        joiners = setup.joiners.map { UInt32($0.rawValue) }.sorted()
        optimizerHasMomentum = setup.optimizerHasMomentum
        seed = setup.seed
        samples = setup.samples
        stepsPerEpoch = setup.stepsPerEpoch
        steps = setup.steps
    }

    /// Lends it as a flat structure, whose graph lives as long as this does.
    func withFlat<Result>(_ body: (UnsafePointer<murmur_setup>) -> Result) -> Result {
        joiners.withUnsafeBufferPointer { joiners in
            var flat = murmur_setup()
            flat.size = UInt32(MemoryLayout<murmur_setup>.size)
            flat.me = UInt32(me.rawValue)
            flat.peers = UInt32(peers)
            flat.is_server = isServer ? 1 : 0
            flat.is_joiner = joiners.contains(UInt32(me.rawValue)) ? 1 : 0
            flat.is_open = isOpen ? 1 : 0
            flat.optimizer_has_momentum = optimizerHasMomentum ? 1 : 0
            flat.joiner_count = UInt32(joiners.count)
            flat.joiners = joiners.baseAddress
            flat.seed = seed
            flat.samples = UInt64(samples)
            flat.steps_per_epoch = UInt64(stepsPerEpoch)
            flat.steps = steps
            flat.graph = OpaquePointer(Unmanaged.passUnretained(self).toOpaque())
            return body(&flat)
        }
    }

    /// The one whose graph was lent under that address.
    static func of(graph: OpaquePointer) -> ForeignSetup {
        Unmanaged<ForeignSetup>.fromOpaque(UnsafeRawPointer(graph)).takeUnretainedValue()
    }
}
