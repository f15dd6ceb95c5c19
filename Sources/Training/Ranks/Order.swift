import Gossip
import Runtime

/// What whoever leads a run has the crew of a rank do, its own or another's. Orders are carried out one after the
/// other, and each is answered.
enum Order: Codable, Sendable {
    /// Take over a peer as it was saved; comes before `prepare`. Its numbers go with the order.
    case adopt(PeerState, peer: Int)
    /// Make the peers.
    case prepare(Beginning)
    /// Let them go.
    case begin
    /// Tell how things stand.
    case report
    /// Begin no gradient, once those under way are done, and stop the clock of training; go on.
    case pause
    case resume
    /// Bring the peers to rest after that step; let them go on; never bring them to rest again.
    case requestCut(afterStep: UInt64)
    case releaseCut
    case closeCut
    /// End after that step.
    case stop(afterStep: UInt64)
    /// Nothing goes wrong any more.
    case endFaults
    /// Tell the state of a peer that is at rest.
    case save(peer: Int)
    /// Tell the evaluated model of a peer: as it is now, or as it was in the end.
    case model(peer: Int)
    /// Those peers, who lived on one rank, are gone.
    case leave(peers: Range<Int>, rank: Int)
    /// End the peers' threads.
    case end
}

/// The answer to an order.
enum Answer: Codable, Sendable {
    case done
    case report(CrewReport)
    /// The peer's numbers go with the answer.
    case saved(PeerState)
    /// The model goes with the answer as its payload.
    case model
    /// The peer's saved state is none of this experiment.
    case unfit(peer: Int, reason: String)
    /// With the exit code that goes with it.
    case failed(String, code: Int32)
}

/// What a crew tells of itself.
enum CrewEvent: Codable, Sendable {
    /// Something has happened that is worth a look.
    case ring
    /// A peer hands in its model, which goes with the event, for the test after that step.
    case snapshot(peer: PeerID, samples: Int, step: UInt64)
}

/// How a crew begins: where a saved run stood, or at zero.
struct Beginning: Codable, Sendable {
    var now = Time.zero
    var trainingNanoseconds: Int64 = 0
    /// The steps behind it.
    var step: UInt64 = 0
    /// After how long the saved run sent messages again; nil where it lost none.
    var retransmissionSeconds: Double?
    /// Whether the run is saved as often as its experiment says.
    var isSaving = false
}

/// How things stand with a crew.
struct CrewReport: Codable, Sendable {
    /// Of the crew's peers in their order.
    var peers: [PeerReport]
    var traffic: Traffic.Count
    /// The step after which the peers come to rest; nil where they go on.
    var cut: UInt64?
    /// The signal by which the end of the run was asked for here.
    var stopSignal: Int32?
    /// What was lost with peers that died.
    var lostMass: Double
    var peakMemoryBytes: Int
}

/// How far a peer is.
struct PeerReport: Codable, Sendable {
    private let told: PeerProgress
    private let unacknowledged: Int
    private let timers: Int
    private let abandonment: String?
    /// Stretches of steps that were not told before.
    let spans: [PeerProgress.Span]
    let gradientSeconds: Double

    /// Takes the spans out of a peer's progress.
    init(_ progress: inout PeerProgress, gradientSeconds: Double) {
        spans = progress.takeSpans()
        told = progress
        unacknowledged = progress.unacknowledged
        timers = progress.timers
        abandonment = progress.abandonment
        self.gradientSeconds = gradientSeconds
    }

    var progress: PeerProgress {
        var progress = told
        progress.unacknowledged = unacknowledged
        progress.timers = timers
        progress.abandonment = abandonment
        return progress
    }
}
