import Foundation
import MPITransport
import ProcessesTransport
import Runtime
import TransportTrials

/// Started by the tests under an MPI launcher, or as the processes of one machine. Rank 0 says what came of it, in a
/// file `said` of the folder in which all were started, and a rank that fails why, in a file `failed`: a launcher that
/// ends the ranks may cut off what they print.
///
///     transport-conformance programs PEERS COUNT PROGRAMS SEED PIECE   random programs over vectors of COUNT numbers
///     transport-conformance sizes PEERS COUNT PIECE                    payloads of all sizes up to COUNT numbers
///     transport-conformance letters COUNT                              frames, letters and sums between ranks
///     transport-conformance large COUNT                                one frame of COUNT numbers
///     transport-conformance silence                                    the last rank stops, and rank 0 tells who
///     transport-conformance leave HOW                                  ranks stop, and the others can leave
///
/// PEERS live on each rank; payloads go in pieces of PIECE bytes, where the transport makes any.
@main
struct TransportConformance {
    /// Where silence is not what is tried: longer than any machine that has too much to do leaves a rank aside.
    static let timeoutSeconds = 60.0

    static func main() {
        let arguments = CommandLine.arguments.dropFirst()
        let numbers = arguments.dropFirst().compactMap { Int($0) }
        do {
            switch (arguments.first, numbers.count) {
            case ("programs", 5): try programs(numbers)
            case ("sizes", 3): try sizes(numbers)
            case ("letters", 1): try Exchange.run(controlMessages: numbers[0])
            case ("large", 1): try Large.run(count: numbers[0])
            case ("silence", 0): try Timeout.run()
            case ("leave", 1): try Leave.run(Leave.How(rawValue: numbers[0]) ?? .unheeded)
            default: fail("transport-conformance: no such trial", code: 64)
            }
        } catch {
            fail("\(error)", code: 78)
        }
    }

    private static func programs(_ numbers: [Int]) throws {
        let ranks = try join(longestPieceBytes: numbers[4])
        let peers = numbers[0] * ranks.count
        Spread.run(
            .random(peers: peers, count: numbers[1], programs: numbers[2], seed: UInt64(numbers[3])), over: ranks)
    }

    private static func sizes(_ numbers: [Int]) throws {
        let ranks = try join(longestPieceBytes: numbers[2])
        Spread.run(.sizes(peers: numbers[0] * ranks.count, count: numbers[1]), over: ranks)
    }

    // The one place here that knows which transport is tried: that of whatever has started this process.

    static func join(
        timeoutSeconds: Double = timeoutSeconds, longestPieceBytes: Int = 1 << 24
    ) throws -> any ProcessNetwork {
        if ProcessInfo.processInfo.environment["MURMUR_RANKS"] != nil {
            return try LocalRanks(silenceSeconds: timeoutSeconds)
        }
        return try MPIRanks(timeoutSeconds: timeoutSeconds, takesSums: true, longestPieceBytes: longestPieceBytes)
    }

    /// What was wrong beneath, if anything was.
    static func problem(of ranks: any ProcessNetwork) -> String? {
        (ranks as? MPIRanks)?.problem?.description ?? (ranks as? LocalRanks)?.problem
    }

    static func say(_ lines: [String]) {
        try? Data(lines.map { $0 + "\n" }.joined().utf8).write(to: URL(filePath: "said"), options: .atomic)
    }

    static func fail(_ sentence: String, code: Int32) -> Never {
        try? Data(sentence.utf8).write(to: URL(filePath: "failed"), options: .atomic)
        exit(code)
    }
}
