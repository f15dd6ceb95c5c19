import ArgumentParser
import Compression
import Foundation
import Randomness
import Training
import Vectors

import struct Configuration.Description
import enum Configuration.JSON
import struct Configuration.Options

/// `murmur bench compression`: every compressor there and back, beside the C library's copy in the same run.
struct BenchCompression: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compression",
        abstract: "Time compressors on one thread, beside memcpy, and show what they keep of a vector.",
        discussion: """
            The vector is one tensor of numbers of which few are large, for lowrank a matrix. The rates count what is \
            read and written; a copy reads and writes 4 bytes a number.
            """)

    @Argument(help: "The compressors to time; all of them by default.") var names: [String] = []
    @Option(help: "Numbers in the vector.") var count = 11_000_000
    @Option(help: ArgumentHelp("Rounds to measure.", visibility: .hidden)) var rounds = 5
    @Flag(help: "Print one JSON object.") var json = false

    private struct Figures {
        let name: String
        let bytes: Int
        /// Seconds, medians of all rounds.
        let compress: Double
        let decompress: Double
        let copy: Double
        /// What is lost of the vector's square, as a part of it.
        let lost: Double
        let keptByTheory: Double?

        /// Bytes read and written a second, as a part of what a copy moves.
        func part(_ seconds: Double, _ count: Int) -> Double {
            Double(4 * count + bytes) / seconds / (Double(8 * count) / copy)
        }
    }

    func validate() throws {
        guard count > 0 else { throw ValidationError("--count is \(count), and needs at least 1") }
        guard rounds > 0 else { throw ValidationError("--rounds needs at least 1") }
        for name in names where !Compressors.all.contains(where: { $0.name == name }) {
            throw ValidationError(
                "no compressor is called \(name); there are \(Compressors.all.map(\.name).joined(separator: ", "))")
        }
    }

    /// The vector as a square matrix, or nearly so.
    private var layout: CompressionLayout {
        let width = max(1, Int(Double(count).squareRoot()))
        return CompressionLayout(VectorLayout([("matrix", [count / width, width])]))
    }

    func run() throws {
        var stream = RandomStream(seed: 1, purpose: .synthetic)
        let values = Payload(
            (0..<layout.count).map { _ in
                let number = Float(stream.uniform() - 0.5)
                return number * number * number
            })
        try reportingFailure {
            try report((names.isEmpty ? Compressors.all.map(\.name) : names).map { try measure($0, values, stream) })
        }
    }

    private func measure(_ name: String, _ values: Payload, _ stream: RandomStream) throws -> Figures {
        let compressor = try Compressors.make(name, Options())
        let layout = layout
        var (stream, memory) = (stream, CompressionMemory())
        var output = FlatVector(count: layout.count)
        var copies = VectorStore(count: layout.count, capacity: 2)
        var times: (compress: [Double], decompress: [Double], copy: [Double]) = ([], [], [])
        var (bytes, lost) = (0, 0.0)
        // The first round brings everything into memory.
        for _ in 0...rounds {
            times.copy.append(try seconds { copies.plainCopy(into: 1, from: 0) })
            var made: CompressedVector?
            times.compress.append(
                try seconds {
                    made = values.read {
                        compressor.compress($0, layout: layout, stream: &stream, memory: &memory)
                    }
                })
            guard let vector = made else { continue }
            bytes = vector.byteCount
            times.decompress.append(
                try seconds { try output.write { try compressor.decompress(vector, layout: layout, into: &$0) } })
            lost = values.read { values in output.read { squaredDistance(values, $0) / squaredNorm(values) } }
        }
        return Figures(
            name: name, bytes: bytes, compress: median(times.compress), decompress: median(times.decompress),
            copy: median(times.copy), lost: lost,
            keptByTheory: values.read { compressor.keptPart(of: $0, layout: layout) })
    }

    private func report(_ all: [Figures]) throws {
        let count = layout.count
        if json {
            try put(
                JSON.object([
                    ("compressors", .array(all.map { object($0, count) })), ("count", .integer(count)),
                ]).sorted.text)
            return
        }
        var table = Table(columns: [.left] + Array(repeating: .right, count: 7))
        table.rows = [
            ["compressor", "bytes", "times fewer", "compress ms", "of memcpy", "decompress ms", "of memcpy", "lost"]
        ]
        table.rows += all.map { figures in
            [
                figures.name, "\(figures.bytes)", decimal(Double(4 * count) / Double(figures.bytes), 1),
                decimal(figures.compress * 1e3, 2), decimal(figures.part(figures.compress, count), 2),
                decimal(figures.decompress * 1e3, 2), decimal(figures.part(figures.decompress, count), 2),
                decimal(figures.lost, 4),
            ]
        }
        try put("\(count) numbers, one thread\n" + table.text, terminator: "")
    }

    private func object(_ figures: Figures, _ count: Int) -> JSON {
        .object([
            ("name", .string(figures.name)), ("bytes", .integer(figures.bytes)),
            ("compress_ms", .number(figures.compress * 1e3)),
            ("compress_of_memcpy", .number(figures.part(figures.compress, count))),
            ("decompress_ms", .number(figures.decompress * 1e3)),
            ("decompress_of_memcpy", .number(figures.part(figures.decompress, count))),
            ("lost", .number(figures.lost)), ("kept_by_theory", figures.keptByTheory.map(JSON.number) ?? .null),
        ])
    }

    /// Of the rounds but the first.
    private func median(_ values: [Double]) -> Double { values.dropFirst().sorted()[(values.count - 1) / 2] }

    private func seconds(_ body: () throws -> Void) throws -> Double {
        let begin = ContinuousClock.now
        try body()
        return (ContinuousClock.now - begin) / .seconds(1)
    }
}
