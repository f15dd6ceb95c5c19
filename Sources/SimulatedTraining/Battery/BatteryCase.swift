import Conditions
import Configuration
import Datasets
import Experiments
import Gossip
import Randomness
import Runs

/// A world to try an algorithm in, drawn from a seed: how many peers there are, whom they know, what they learn, how
/// slow and unreliable network and machines are, and what goes wrong. `command` replays it.
public struct BatteryCase: Sendable, CustomStringConvertible {
    /// The algorithm's name, as in an experiment file.
    public let algorithm: String
    /// The row of the battery's table: the algorithm, and a variant where there is one.
    public let row: String
    /// What everything in the case is drawn from.
    public let seed: UInt64
    /// The experiment, as settings of the command line.
    public let overrides: [String]

    /// The kinds of its faults, as in a fault list, one for each.
    public var faultKinds: [String] { faults.faults.map(\.kind.rawValue) }
    /// Learners.
    public var peerCount: Int { peers }

    let peers: Int
    let steps: UInt64
    /// Settings below `algorithm.`.
    let algorithmOptions: [String]
    /// One row a peer.
    let targets: [[Double]]
    let starts: [[Double]]
    let curvature: Double
    let noise: Double
    let faults: FaultList
    /// Those of them by which peers are byzantine.
    let attacks: [Fault]
    /// Whether network and machines are at the ends of what there may be: see `WildWorld`.
    let isWild: Bool
    /// Whether all peers are equally quick and nothing goes wrong.
    let isEven: Bool
    /// Whether the network loses nothing by itself.
    let isLossless: Bool

    /// The learning rate.
    let rate: Double

    public var description: String { "\(row), seed \(seed)" + (isWild ? ", wild" : "") }

    /// What replays the case, to be given to a shell.
    public var command: String { "murmur simulate " + overrides.map { "'\($0)'" }.joined(separator: " ") }

    /// Sizes in the order of the seeds: those that break halves and pairs come first.
    private static let sizes = [1, 2, 3, 5, 6, 4, 7, 8, 3, 5, 2, 9, 6, 12]

    private static let topologies = [
        "ring", "complete", "star", "one-peer-exponential", "directed-ring", "chain", "exponential",
    ]

    init(_ row: BatteryRow, seed: UInt64, isWild: Bool = false) throws {
        var random = RandomStream(seed: seed, purpose: .faults, peer: -1)
        let name = row.algorithm
        let round = Int(seed / UInt64(Self.sizes.count))
        let place = Int(seed % UInt64(Self.sizes.count))
        let peers = min(Self.sizes[place], row.peersLimit)
        // Every size is met by peers that learn and by peers that only mix.
        let isWalk = (place + round) % 2 == 1
        let steps = UInt64(60 + random.integer(below: 41)) / (isWild ? 6 : 1)
        let curvature = isWalk ? 0.0 : 1
        let noise = random.bernoulli(0.4) ? 0.3 : 0
        let targets = Self.rows(peers, row.coordinates, &random)
        let drawn = isWalk ? Self.rows(peers, row.coordinates, &random) : targets.map { $0.map { _ in 0 } }
        let starts = row.hasCommonStart ? drawn.map { _ in drawn[0] } : drawn
        let rate = row.rate(peers)
        let options = row.options(&random) + row.shape(peers, &random)
        let graphs = row.topology(&random)
        let learning = [
            "algorithm.name=\(name)", "model.name=quadratic", "model.targets=\(targets)", "model.start=\(starts)",
            "model.curvature=\(curvature)", "model.noise=\(noise)", "optimizer.name=sgd",
            "optimizer.learning_rate=\(rate)", "steps=\(steps)", "seed=\(seed)",
        ]
        let settings =
            learning + options.map { "algorithm.\($0)" } + graphs.map { "topology.\($0)" } + row.settings(&random)
        let wild = isWild ? WildWorld(seed: seed, peers: peers) : nil
        let world = try World(
            algorithm: name, attacks: row.attacks, faultTolerance: try Self.faultTolerance(settings), seed: seed,
            peers: peers, steps: steps,
            wild,
            &random)
        let all = settings + world.settings
        let order = random.permutation(of: Self.topologies.count).map { Self.topologies[$0] }
        let topology =
            Algorithms.traits(name).graphUse == .none ? [] : ["topology.name=" + (try Self.topology(all, order))]
        self.algorithm = name
        self.row = row.name
        self.rate = rate
        self.seed = seed
        self.overrides = all + topology
        self.peers = peers
        self.steps = steps
        self.algorithmOptions = options
        self.targets = targets
        self.starts = starts
        self.curvature = curvature
        self.noise = noise
        self.faults = world.faults
        attacks = world.attacks
        self.isWild = isWild
        self.isEven = world.isEven
        self.isLossless = world.isLossless
    }

    /// One or two of the peers with an attack each, as a fault list has them; always some peer is honest.
    private static func attacks(_ names: [String], seed: UInt64, peers: Int) -> [OptionValue] {
        var random = RandomStream(seed: seed, purpose: .faults, peer: -3)
        guard !names.isEmpty, peers > 1 else { return [] }
        let count = min(peers - 1, 1 + random.integer(below: 2))
        return random.permutation(of: peers).prefix(count).map { peer in
            let attack = names[random.integer(below: names.count)].split(separator: ", ")
            var table: [String: OptionValue] = ["peer": .integer(peer), "kind": .text(String(attack[0]))]
            for pair in attack.dropFirst() {
                let words = pair.split(separator: ": ")
                table[String(words[0])] = .number(Double(words[1]) ?? 0)
            }
            return .table(["byzantine": .table(table)])
        }
    }

    /// The case ready to be run.
    func plan() throws -> TrainingPlan { try Self.plan(overrides) }

    /// The same case where nothing goes wrong and everybody is equally quick, with these settings besides.
    func quietPlan(with settings: [String] = []) throws -> TrainingPlan {
        try Self.plan(
            overrides.filter { !$0.hasPrefix("simulation.") && !$0.hasPrefix("stragglers=") } + settings
                + (attacks.isEmpty ? [] : ["simulation.faults=\(attacks)"]))
    }

    static func plan(_ overrides: [String]) throws -> TrainingPlan {
        let loaded = try LoadedExperiment(file: nil, overrides: overrides, registries: .all)
        return try TrainingPlan(loaded, places: DataPlaces(collection: nil, home: nil))
    }

    /// What the algorithm promises with these options.
    private static func faultTolerance(_ settings: [String]) throws -> FaultTolerance {
        let loaded = try LoadedExperiment(file: nil, overrides: settings, registries: .all)
        let promised = Algorithms.traits(
            loaded.experiment.algorithm.name, options: loaded.experiment.algorithm.options
        ).faultTolerance
        // On an open network peers leave, and nobody comes back as who it was.
        let isOpen = loaded.experiment.simulation.doubtMilliseconds != nil
        return isOpen ? promised.subtracting(.restart).union(.leave) : promised
    }

    /// The setting of that path; nil where the case does not say.
    func setting(_ path: String) -> String? {
        overrides.first { $0.hasPrefix(path + "=") }.map { String($0.dropFirst(path.count + 1)) }
    }

    /// The setting of that name below `algorithm.`; nil where the case does not say.
    func option(_ name: String) -> String? {
        algorithmOptions.first { $0.hasPrefix(name + "=") }.map { String($0.dropFirst(name.count + 1)) }
    }

    /// The same as a number, which the case has.
    func number(_ name: String) -> Double {
        guard let number = option(name).flatMap({ Double($0) }) else {
            preconditionFailure("\(self) has no number \(name)")
        }
        return number
    }

    /// The first topology that the algorithm takes.
    private static func topology(_ settings: [String], _ names: [String]) throws -> String {
        var refusal: (any Error)?
        for name in names {
            do {
                _ = try plan(settings + ["topology.name=\(name)"])
                return name
            } catch {
                refusal = error
            }
        }
        throw refusal ?? UnknownAlgorithm(name: settings[0])
    }

    /// So many numbers a peer, of two decimals.
    private static func rows(_ peers: Int, _ count: Int, _ random: inout RandomStream) -> [[Double]] {
        (0..<peers).map { _ in (0..<count).map { _ in (random.uniform(from: -3, to: 3) * 100).rounded() / 100 } }
    }

    /// Network, machines and faults.
    private struct World {
        let settings: [String]
        let faults: FaultList
        let attacks: [Fault]
        let isEven: Bool
        let isLossless: Bool

        init(
            algorithm: String, attacks names: [String], faultTolerance: FaultTolerance, seed: UInt64, peers: Int,
            steps: UInt64,
            _ wild: WildWorld?,
            _ random: inout RandomStream
        ) throws {
            func pick(_ values: [String]) -> String { values[random.integer(below: values.count)] }
            func tenths(_ low: Double, _ high: Double) -> Double {
                (random.uniform(from: low, to: high) * 10).rounded() / 10
            }
            let spread = pick(["0", "0.1", "0.5"])
            let hasStraggler = peers > 1 && random.bernoulli(0.25)
            let servers = Algorithms.traits(algorithm).servers
            // Some six faults in the first half of the run; none in some runs.
            let all = RandomFaults.battery(
                seed: seed, peers: peers, servers: servers, faultTolerance: faultTolerance,
                seconds: Double(steps) * (wild?.secondsPerStep ?? 0.005))
            let isQuiet = random.bernoulli(0.2)
            let drawn = isQuiet ? all.healed(at: .zero) : all
            attacks = try FaultList(
                BatteryCase.attacks(names, seed: seed, peers: peers), learners: peers, servers: servers
            ).faults
            faults =
                attacks.isEmpty
                ? drawn : try FaultList(drawn.faults + attacks, learners: peers, servers: servers)
            isEven = wild == nil && faults.faults.isEmpty && !hasStraggler && spread != "0.5"
            let network = [
                "simulation.latency=" + pick(["constant", "normal", "heavy-tailed"]),
                "simulation.latency_ms=\(tenths(0.2, 8))", "simulation.bandwidth_mbit=" + pick(["0", "1000", "1"]),
            ]
            let loss = pick(["0", "0", "0", "0.05", "0.2"])
            isLossless = wild == nil && loss == "0"
            let ways = wild?.settings ?? network + ["simulation.loss=\(loss)"]
            settings =
                ways + [
                    "simulation.compute_spread=\(spread)",
                    "simulation.checkpoint_every_ms=\(tenths(20, 200))",
                    "simulation.detection_ms=\(tenths(20, 100))",
                ] + (hasStraggler ? ["stragglers={\(random.integer(below: peers)): 3}"] : [])
                + (faults.faults.isEmpty ? [] : ["simulation.faults=\(faults)"])
        }
    }
}
