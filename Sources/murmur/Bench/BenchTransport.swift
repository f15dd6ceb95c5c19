import ArgumentParser
import Runtime
import Training
import Transports

import struct Configuration.ConfigurationError
import struct Configuration.Options
import func Configuration.unknown

/// `murmur bench transport`: ours between two ranks, beside what it stands on.
struct BenchTransport: ParsableCommand {
    /// The transports that join processes; the first is measured where none is named, and its name calls the command.
    private static let names = Transports.all.filter { $0.processes != nil }.map(\.description.name)

    static let configuration = CommandConfiguration(
        commandName: "transport",
        abstract: "Time messages between two ranks, beside what carries them: \(invocation(of: names[0])).",
        aliases: [names[0]])

    private static func invocation(of name: String) -> String {
        Transports.processes(name)?.invocation(of: "murmur bench \(name)", processes: 2) ?? ""
    }

    @Argument(help: "The transport: \(names.joined(separator: ", ")).") var name = names[0]
    @Option(help: ArgumentHelp("Pairs to measure.", visibility: .hidden)) var pairs = 7
    @Option(help: ArgumentHelp("Notes there and back.", visibility: .hidden)) var notes = 20_000
    @Flag(help: "Print one JSON object.") var json = false

    func validate() throws {
        guard pairs > 0 else { throw ValidationError("--pairs needs at least 1") }
        guard notes > 1 else { throw ValidationError("--notes needs at least 2") }
    }

    func run() throws {
        try reportingFailure {
            guard let transport = Transports.processes(name) else {
                throw ConfigurationError(key: nil, unknown("transport", name, known: Self.names))
            }
            let ranks = try transport.join(Options())
            guard ranks.count == 2 else {
                let number = ranks.count
                ranks.end()
                throw ConfigurationError(
                    key: nil,
                    "two ranks are measured, and there are \(number); run \(Self.invocation(of: name))")
            }
            let court = RankPingPong(ranks)
            if ranks.rank == 0 {
                try report(try court.measure(pairs: pairs, notes: notes), ranks)
            } else {
                court.serve()
            }
            ranks.end()
        }
    }

    private func report(_ figures: RankPingPong.Figures, _ ranks: any ProcessNetwork) throws {
        try put(json ? figures.json(name, ranks).sorted.text : figures.text(ranks))
    }
}
