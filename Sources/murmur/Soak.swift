import ArgumentParser
import Dispatch
import Foundation
import SimulatedTraining
import Synchronization
import Training

struct Soak: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the battery of simulated faults on fresh seeds for some minutes.",
        discussion: """
            Every algorithm in turn gets a world of its own: a network, machines and faults that it promises to live \
            through. Whatever is wrong is printed with the command that replays it, and ends in exit code 1.
            """)

    @Argument(help: "Minutes to go on for.") var minutes: Double
    @Option(help: "The first seed; by default one that follows from the time of day.") var seed: UInt64?
    @Option(help: "Only this algorithm.") var algorithm: String?
    @Flag(help: "Networks and machines at the ends of what there may be, and every run twice.") var wild = false

    func validate() throws {
        guard minutes > 0, minutes.isFinite else { throw ValidationError("give a number of minutes above 0") }
        if let algorithm, rows.isEmpty {
            throw ValidationError("there is no algorithm '\(algorithm)'; 'murmur algorithms' lists them")
        }
    }

    /// The rows of the battery to take in turn: those of the algorithm, or all.
    private var rows: [String] {
        guard let algorithm else { return Battery.rows }
        return Battery.rows.filter { $0 == algorithm || $0.hasPrefix(algorithm + "+") }
    }

    func run() throws {
        let console = Console(isQuiet: false)
        try reportingFailure(on: console) {
            // Seeds of the gate are below 500: these are others.
            let first = seed ?? UInt64(Date().timeIntervalSince1970) * 1_000
            let signals = try StopSignals(console: console)
            defer { withExtendedLifetime(signals) {} }
            let stop = signals.request
            let tally = Mutex(SoakTally())
            let next = Atomic<UInt64>(0)
            let (rows, wild) = (rows, wild)
            let end = ContinuousClock.now + .seconds(minutes * 60)
            let failure = Mutex<(any Error)?>(nil)
            console.say("soaking for \(minutes) minutes from seed \(first) on")
            DispatchQueue.concurrentPerform(iterations: ProcessInfo.processInfo.activeProcessorCount) { _ in
                while ContinuousClock.now < end, stop.signal == nil, failure.withLock({ $0 == nil }) {
                    let number = next.wrappingAdd(1, ordering: .relaxed).oldValue
                    let (round, place) = number.quotientAndRemainder(dividingBy: UInt64(rows.count))
                    do {
                        let battery = try Battery.case(rows[Int(place)], seed: first + round, isWild: wild)
                        let outcome = try Battery.run(battery)
                        tally.withLock { $0.count(battery, outcome) }
                        for complaint in outcome.complaints {
                            console.say("\(battery): \(complaint)\n    \(battery.command)")
                        }
                    } catch {
                        failure.withLock { $0 = $0 ?? error }
                    }
                }
            }
            if let error = failure.withLock({ $0 }) { throw error }
            let result = tally.withLock { $0 }
            try put(result.text, terminator: "")
            if !result.complaints.isEmpty { throw ExitCode.failure }
        }
    }
}
