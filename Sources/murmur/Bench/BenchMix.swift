import ArgumentParser
import Foundation
import Training
import Vectors

import enum Configuration.JSON

/// `murmur bench mix`: the mixing kernel beside a plain vectorised loop and the C library's copy, in turn.
struct BenchMix: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mix", abstract: "Time the kernel that mixes models, beside a plain loop and memcpy.")

    @Option(help: "Numbers in a vector.") var count = 1 << 24
    @Option(help: "Vectors mixed into the first of them.") var terms = 2
    @Option(help: ArgumentHelp("Rounds to measure.", visibility: .hidden)) var rounds = 15
    @Flag(help: "Print one JSON object.") var json = false

    func validate() throws {
        guard count > 0 else { throw ValidationError("--count is \(count), and needs at least 1") }
        guard (2...16).contains(terms) else { throw ValidationError("--terms is \(terms), and must be from 2 to 16") }
        guard rounds > 0 else { throw ValidationError("--rounds needs at least 1") }
    }

    func run() throws {
        var store = VectorStore(count: count, capacity: max(terms, 2))
        // Weights that keep the numbers in range over any number of rounds.
        let weight = 1 / Float(terms)
        for slot in 0..<max(terms, 2) {
            store.write(slot) { numbers in
                for index in numbers.indices { numbers[index] = Float(slot + 1) }
            }
        }
        let mixed = (0..<terms).map {
            VectorStore.Term(weight: Double(weight), source: .slot($0, 0..<count))
        }
        let (others, weights) = (Array(1..<terms), [Float](repeating: weight, count: terms - 1))
        var (ours, plain, copies): ([Double], [Double], [Double]) = ([], [], [])
        for round in 0..<(rounds + 1) {
            // What ran before leaves its traces in the caches: everybody comes behind everybody in turn.
            let parts: [() -> Void] = [
                { ours.append(seconds { store.combine(into: 0, range: 0..<count, mixed) }) },
                { plain.append(seconds { store.plainMix(into: 0, weight: weight, slots: others, weights: weights) }) },
                { copies.append(seconds { store.plainCopy(into: 0, from: 1) }) },
            ]
            for index in parts.indices { parts[(round + index) % parts.count]() }
        }
        let bytes = Double(4 * count * (terms + 1))
        try reportingFailure {
            try report(rate(bytes, ours), plain: rate(bytes, plain), copy: rate(Double(8 * count), copies))
        }
    }

    private func report(_ ours: Double, plain: Double, copy: Double) throws {
        if json {
            try put(
                JSON.object([
                    ("count", .integer(count)), ("terms", .integer(terms)), ("gb_per_s", .number(ours)),
                    ("plain_loop_gb_per_s", .number(plain)), ("memcpy_gb_per_s", .number(copy)),
                ]).sorted.text)
        } else {
            try put(
                "\(terms) terms of \(count) numbers: \(decimal(ours, 2)) GB/s, plain loop \(decimal(plain, 2)) GB/s "
                    + "(ratio \(decimal(ours / plain, 3))), memcpy \(decimal(copy, 2)) GB/s")
        }
    }

    /// Bytes a second by the median of the rounds, of which the first does not count.
    private func rate(_ bytes: Double, _ seconds: [Double]) -> Double {
        let sorted = seconds.dropFirst().sorted()
        return bytes / sorted[sorted.count / 2] * 1e-9
    }

    private func seconds(_ body: () -> Void) -> Double {
        let begin = ContinuousClock.now
        body()
        let (seconds, attoseconds) = (ContinuousClock.now - begin).components
        return Double(seconds) + Double(attoseconds) * 1e-18
    }
}
