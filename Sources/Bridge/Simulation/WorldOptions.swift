import Conditions
import Configuration
import Gossip
import Graphs

/// The keys of `simulation` in experiment files that say how network and machines are, with their defaults there.
struct WorldOptions {
    private static let longestMilliseconds = 1e10

    private static let seed = Option.optionalInteger(
        "seed", in: 0 ... .max, "fixes the draws of the network and the machines; null: the run's seed")
    private static let latency = Option<Latency.Shape>.choice(
        "latency", default: .constant, "how the time that a message is under way is distributed")
    private static let latencyMilliseconds = Option.number(
        "latency_ms", default: 1, in: 0...longestMilliseconds, "milliseconds that a message is under way, on average")
    private static let latencySpread = Option.number(
        "latency_spread", default: 0.5, in: 0...10,
        "standard deviation of that time as a share of it, where it is not constant")
    private static let bandwidthMegabits = Option.number(
        "bandwidth_mbit", default: 1000, in: 0 ... .greatestFiniteMagnitude,
        "megabits a second that a link carries; 0: any number")
    private static let loss = Option.number("loss", default: 0, in: 0...1, "the share of messages that get lost")
    private static let detectionMilliseconds = Option.number(
        "detection_ms", default: 100, in: 0...longestMilliseconds,
        "milliseconds from a peer's crash until the others know of it")
    private static let computeMilliseconds = Option.number(
        "compute_ms", default: 10, in: 0...longestMilliseconds, "milliseconds that a gradient takes, on average")
    private static let computeSpread = Option.number(
        "compute_spread", default: 0.1, in: 0...1,
        "how far a gradient's time varies: its standard deviation as a share of it")
    private static let checkpointMilliseconds = Option.number(
        "checkpoint_every_ms", default: 1000, in: 0.001...longestMilliseconds,
        "milliseconds between two checkpoints of a peer, from which it comes back after a crash")
    private static let healAt = Option.optionalText(
        "heal_at", "the moment from which on nothing goes wrong any more, such as 30s; null: none")

    private static let known = [
        seed.description, latency.description, latencyMilliseconds.description, latencySpread.description,
        bandwidthMegabits.description, loss.description, detectionMilliseconds.description,
        computeMilliseconds.description, computeSpread.description, checkpointMilliseconds.description,
        healAt.description,
    ]

    let network: NetworkSettings
    let machines: MachineSettings
    /// Nil for the run's own.
    let seed: UInt64?
    let healAt: TimeSpan?

    /// Throws for the first key that cannot be.
    init(_ options: Options, stragglers: Options, peers: Int) throws(ConfigurationError) {
        try options.refuseUnknown(besides: Self.known)
        seed = try options.value(Self.seed).map { UInt64($0) }
        let bandwidth = try options.value(Self.bandwidthMegabits)
        guard bandwidth == 0 || bandwidth >= 0.001 else {
            throw ConfigurationError(
                key: "bandwidth_mbit", "give at least 0.001, or 0 for links without a limit")
        }
        network = NetworkSettings(
            latency: Latency(
                try options.value(Self.latency), meanSeconds: try options.value(Self.latencyMilliseconds) / 1000,
                spread: try options.value(Self.latencySpread)),
            bitsPerSecond: bandwidth == 0 ? nil : bandwidth * 1e6, loss: try options.value(Self.loss),
            detectionSeconds: try options.value(Self.detectionMilliseconds) / 1000)
        let mean = try options.value(Self.computeMilliseconds)
        machines = MachineSettings(
            compute: ComputeTime(
                .normal(meanSeconds: mean / 1000, spread: try options.value(Self.computeSpread)),
                factors: try Self.factors(stragglers, peers: peers, most: Self.longestMilliseconds / max(mean, 1))),
            checkpointSeconds: try options.value(Self.checkpointMilliseconds) / 1000)
        guard let text = try options.value(Self.healAt) else {
            healAt = nil
            return
        }
        guard let moment = TimeSpan(text), moment.nanoseconds >= 0 else {
            throw ConfigurationError(key: "heal_at", "\(excerpt(text)) is not a time such as 30s")
        }
        healAt = moment
    }

    private static func factors(
        _ options: Options, peers: Int, most: Double
    ) throws(ConfigurationError) -> [PeerID: Double] {
        var factors: [PeerID: Double] = [:]
        for (key, value) in options.values.sorted(by: { $0.key < $1.key }) {
            guard let peer = Int(key), (0..<peers).contains(peer) else {
                throw ConfigurationError(
                    key: "stragglers", "'\(excerpt(key))' is none of the peers 0 to \(peers - 1)")
            }
            guard let factor = value.asNumber, factor > 0, factor <= most else {
                throw ConfigurationError(
                    key: "stragglers",
                    "peer \(peer) cannot be \(excerpt(value.written)) times slower; give a number above 0, at most "
                        + "\(most)")
            }
            factors[PeerID(peer)] = factor
        }
        return factors
    }
}
