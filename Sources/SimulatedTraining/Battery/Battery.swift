import Conditions
public import Gossip
public import Simulator
import Training
import Vectors

/// Tries to break algorithms: many worlds a seed each, and in each of them all that can be asked of what came out.
public enum Battery {
    /// The rows of its table: algorithms, and variants behind a '+'.
    public static let rows = BatteryRow.all.map(\.name)

    /// The case of that row and seed. Throws where there is no such row, or its algorithm takes no topology.
    ///
    /// - Parameter isWild: whether its network and machines are at the ends of what there may be. Then only what no
    ///   network can change is asked for, and every run is made twice.
    public static func `case`(_ name: String, seed: UInt64, isWild: Bool = false) throws -> BatteryCase {
        guard let row = BatteryRow.row(name) else { throw UnknownAlgorithm(name: name) }
        return try BatteryCase(row, seed: seed, isWild: isWild)
    }

    /// Runs a case and says what is wrong with its outcome.
    ///
    /// - Parameter wrapping: what stands in the place of each peer's algorithm; for tests that plant mistakes.
    public static func run(
        _ battery: BatteryCase, wrapping: (any Algorithm, PeerID) -> any Algorithm = { algorithm, _ in algorithm }
    ) throws -> BatteryOutcome {
        guard let row = BatteryRow.row(battery.row) else { throw UnknownAlgorithm(name: battery.row) }
        let plan = try battery.plan()
        let run = try SimulatedRun(plan, wrapping: wrapping)
        let outcome = try run.run()
        var complaints = outcome.violations.map { BatteryComplaint(.violation, $0.description) }
        // Rates are such that theory promises to converge.
        if case .diverged(let peer, let step) = outcome.ending {
            complaints.append(BatteryComplaint(.violation, "peer \(peer) has diverged in step \(step)"))
        }
        if complaints.isEmpty {
            complaints = BatteryChecks(battery, row, run, plan).complaints
            if battery.mustBeRepeated {
                let again = try SimulatedRun(plan, wrapping: wrapping)
                if try again.run().digest != outcome.digest || again.evaluated != run.evaluated {
                    complaints.append(BatteryComplaint(.repetition, "the same seed gave another run"))
                }
            }
            if plan.isLockStep, battery.isWhole {
                let quiet = try SimulatedRun(try battery.quietPlan(), wrapping: wrapping)
                _ = try quiet.run()
                if quiet.evaluated != run.evaluated {
                    complaints.append(
                        BatteryComplaint(.bits, "the models are not those of the same peers when nothing goes wrong"))
                }
            }
        }
        return BatteryOutcome(
            complaints: complaints, statistics: outcome.statistics, virtualSeconds: outcome.virtualSeconds,
            peers: plan.nodes)
    }
}

/// What came of one case.
public struct BatteryOutcome: Sendable {
    /// What is wrong; empty where nothing is.
    public let complaints: [BatteryComplaint]
    public let statistics: SimulationStatistics
    public let virtualSeconds: Double
    /// Learners and servers.
    public let peers: Int
}

/// Something that should not be so.
public struct BatteryComplaint: Sendable, Hashable, CustomStringConvertible {
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The simulator saw a promise break: a law, lock step, a number that is none, a payload kept, a wait for ever.
        case violation
        /// A peer did not make its steps.
        case steps
        /// A peer gave up although its algorithm promises to live through what happened.
        case abandonment
        /// Messages or mass are left over.
        case leftOver = "left over"
        /// The average of the models moved by more than gradients.
        case average
        /// Models left the space between all starts and minima.
        case between
        /// The peers did not come together.
        case distance
        /// The models are not those of the paper's recursion.
        case recursion
        /// The peers' average is too far from what they should have found.
        case optimum
        /// Waiting for each other, they still came to something that depends on who was quicker.
        case bits
        /// The same seed gave another run.
        case repetition
    }

    public let kind: Kind
    public let what: String

    init(_ kind: Kind, _ what: String) {
        self.kind = kind
        self.what = what
    }

    public var description: String { "\(kind.rawValue): \(what)" }
}

extension BatteryCase {
    /// Whether the same learners take part from the beginning to the end.
    var isWhole: Bool { !hasCrashes && faults.latecomers.isEmpty }
    var hasCrashes: Bool { faults.faults.contains { $0.kind == .crash } }
    /// Whether the run is made twice.
    var mustBeRepeated: Bool { isWild || seed % 4 == 0 }
}

extension SimulatedRun {
    /// What is tested of each learner, in order.
    var evaluated: [[Float]] { learners.map { world.snapshot(of: $0).array() } }
}
