import Experiments
import Gossip
import Graphs
public import Records
import Spectra

extension TrainingPlan {
    /// More weights than this take longer to look at than a small run lasts.
    private static let weightLimit = 4e6
    /// Of a graph that repeats after more rounds, so many tell who ever sends to whom.
    private static let roundLimit: UInt64 = 64

    /// The graph of the run, with the spectrum of its mixing matrix where the algorithm mixes by one; nil where there
    /// are too many peers for anything to be seen.
    public var graphRecord: GraphRecord? {
        guard graph.peers <= GraphRecord.peerLimit else { return nil }
        let receivers = (0..<graph.peers).map { peer in
            Set((0..<min(graph.period, Self.roundLimit)).flatMap { graph.neighbours(of: PeerID(peer), round: $0) })
                .map(\.rawValue).sorted()
        }
        let matrix = MixingMatrix(graph)
        let use = Algorithms.traits(experiment.algorithm.name, options: experiment.algorithm.options).graphUse
        let isKnown = use == .weights && matrix.weightCount <= Self.weightLimit
        let spectrum = isKnown ? Spectrum(of: matrix) : nil
        return GraphRecord(
            name: graph.name, receivers: receivers, period: Int(clamping: graph.period), columns: graph.columns,
            moduli: spectrum?.moduli, spectralGap: spectrum?.spectralGap)
    }
}
