import ArgumentParser
import MPITransport
import Training

import struct Configuration.ConfigurationError

/// `murmur bench mpi`: our transport beside plain MPI, between two ranks.
struct BenchMPI: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mpi",
        abstract: "Time messages between two ranks, beside plain MPI: mpirun -np 2 murmur bench mpi.")

    @Option(help: ArgumentHelp("Pairs to measure.", visibility: .hidden)) var pairs = 7
    @Option(help: ArgumentHelp("Notes there and back.", visibility: .hidden)) var notes = 20_000
    @Flag(help: "Print one JSON object.") var json = false

    func validate() throws {
        guard pairs > 0 else { throw ValidationError("--pairs needs at least 1") }
        guard notes > 1 else { throw ValidationError("--notes needs at least 2") }
    }

    func run() throws {
        try reportingFailure {
            let ranks = try MPIRanks()
            guard ranks.count == 2 else {
                let number = ranks.count
                ranks.end()
                throw ConfigurationError(
                    key: nil, "two ranks are measured, and there are \(number); run mpirun -np 2 murmur bench mpi")
            }
            let court = RankVolleys(ranks)
            if ranks.rank == 0 {
                try report(try court.measure(pairs: pairs, notes: notes), ranks)
            } else {
                court.serve()
            }
            ranks.end()
        }
    }

    private func report(_ figures: RankVolleys.Figures, _ ranks: MPIRanks) throws {
        if json {
            let rows = figures.rows.map { row in
                JSON.object([
                    ("bytes", .integer(row.byteCount)), ("gb_per_s", .number(row.ours)),
                    ("plain_gb_per_s", .number(row.plain)), ("ratio", .number(row.ratio)),
                ])
            }
            try put(
                JSON.object([
                    ("flavour", .string(ranks.flavour)), ("library", .string(ranks.library)),
                    ("note_us", .number(figures.noteSeconds * 1e6)), ("payloads", .array(rows)),
                    ("idle_share", .number(figures.idleShare)),
                    ("waking_us", .number(figures.wakingSeconds * 1e6)),
                ]).sorted.text)
        } else {
            try put(ranks.library)
            for row in figures.rows {
                try put(
                    "\(bytes(row.byteCount)): \(decimal(row.ours, 2)) GB/s, plain MPI \(decimal(row.plain, 2)) GB/s "
                        + "(ratio \(decimal(row.ratio, 3)))")
            }
            try put("a note through the node: \(decimal(figures.noteSeconds * 1e6, 1)) us one way")
            try put(
                "there and back after 5 ms of quiet: \(decimal(figures.wakingSeconds * 1e6, 0)) us; idle, a rank takes "
                    + "\(decimal(figures.idleShare * 100, 2)) % of a core")
        }
    }
}
