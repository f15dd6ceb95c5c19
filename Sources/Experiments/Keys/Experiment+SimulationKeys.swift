import Conditions
import Configuration

extension Experiment {
    /// The keys of the simulator's network, machines and faults.
    package static let simulation = Section(
        name: "simulation", meaning: "the virtual network and machines of the simulator, and what goes wrong there",
        choice: nil,
        keys: [
            Key(
                "seed", \.simulation.seed, .integer(0 ... .max),
                "fixes the draws of the network and the machines; null: the run's seed"),
            Key(
                "latency", \.simulation.latency, .choice(Latency.Shape.allCases.map(\.rawValue)),
                "how the time that a message is under way is distributed"),
            Key(
                "latency_ms", \.simulation.latencyMilliseconds, time,
                "milliseconds that a message is under way, on average"),
            Key(
                "latency_spread", \.simulation.latencySpread, .number(0...10),
                "standard deviation of that time as a share of it, where it is not constant"),
            Key(
                "bandwidth_mbit", \.simulation.bandwidthMegabits, .number(0 ... .greatestFiniteMagnitude),
                "megabits a second that a link carries; 0: any number"),
            Key("loss", \.simulation.loss, .number(0...1), "the share of messages that get lost"),
            Key(
                "detection_ms", \.simulation.detectionMilliseconds, time,
                "milliseconds from a peer's crash until the others know of it"),
            Key(
                "doubt_ms", \.simulation.doubtMilliseconds, time,
                "milliseconds that what is in doubt behind a broken link waits for the next connection, on an open "
                    + "network whose peers know only those with whom they have a link; null: a closed network"),
            Key("compute_ms", \.simulation.computeMilliseconds, time, "milliseconds that a gradient takes, on average"),
            Key(
                "compute_spread", \.simulation.computeSpread, .number(0...1),
                "how far a gradient's time varies: its standard deviation as a share of it"),
            Key(
                "compute_trace_ms", \.simulation.computeTraceMilliseconds, .numbers(0...longestMilliseconds),
                "measured times of gradients, one after the other and then from the first again, instead of these two"),
            Key(
                "checkpoint_every_ms", \.simulation.checkpointEveryMilliseconds, .number(0.001...longestMilliseconds),
                "milliseconds between two checkpoints of a peer, from which it comes back after a crash"),
            Key(
                "heal_at", \.simulation.healAt, .timeSpan(TimeSpan(nanoseconds: 0)...TimeSpan.longest),
                "the moment from which on nothing goes wrong any more; null: none"),
            Key(
                "faults", \.simulation.faults, .tables,
                "what goes wrong, and when, such as {crash: 2, at: 1s, restart_after: 3s}"),
            Key(
                "test_every_ms", \.simulation.testEveryMilliseconds, .number(0.001...longestMilliseconds),
                "milliseconds between two tests of all models as they are then, which wait for no slow peer; null: "
                    + "evaluate.every_epochs says when"),
            Key(
                "workers", \.simulation.workers, .integer(1...256),
                "threads that compute the gradients, to the same bits whatever their number; null: one a core"),
        ])

    /// Some months: their sums still count in 64 bits of nanoseconds.
    private static let longestMilliseconds = 1e10

    private static let time = OptionDescription.Kind.number(0...longestMilliseconds)
}
