import ArgumentParser
import OpenTransport
import Runtime
import Training

import enum Configuration.JSON

/// `murmur bench link`: a model over a link of the open network, beside OpenSSL alone.
struct BenchLink: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "link",
        abstract: "Time a model over a link of the open network, beside the same bytes over OpenSSL alone.",
        discussion: """
            Both go over TCP on this machine's loopback, by mutual TLS 1.3. The link has an engine at each end; \
            OpenSSL alone has a thread that writes and one that reads, and keeps nothing of what it reads.
            """)

    @Option(help: "Megabytes of the model.") var megabytes = 45
    @Option(help: ArgumentHelp("Pairs to measure.", visibility: .hidden)) var pairs = 7
    @Flag(help: "Print one JSON object.") var json = false

    func validate() throws {
        guard 1...1000 ~= megabytes else { throw ValidationError("--megabytes is \(megabytes), and needs 1 to 1000") }
        guard pairs > 0 else { throw ValidationError("--pairs needs at least 1") }
    }

    func run() throws {
        try reportingFailure {
            let byteCount = megabytes * 1_000_000
            let measurement = try LinkMeasurement(byteCount: byteCount, clock: .system)
            defer { measurement.end() }
            let times = max(4, min(20, 200 / megabytes))
            let gigabytes = Double(times * byteCount) * 1e-9
            var (ours, bare): ([Double], [Double]) = ([], [])
            for pair in 0..<pairs {
                // Each goes first in turn.
                for part in 0..<2 {
                    if part == pair % 2 {
                        ours.append(gigabytes / (try measurement.linkSeconds(times: times)))
                    } else {
                        bare.append(gigabytes / (try measurement.bareSeconds(times: times)))
                    }
                }
            }
            try report(median(ours), bare: median(bare), ratio: median(zip(ours, bare).map { $0 / $1 }))
        }
    }

    private func report(_ ours: Double, bare: Double, ratio: Double) throws {
        if json {
            try put(
                JSON.object([
                    ("gb_per_s", .number(ours)), ("megabytes", .integer(megabytes)),
                    ("openssl_gb_per_s", .number(bare)), ("ratio", .number(ratio)),
                ]).sorted.text)
        } else {
            try put(
                "\(megabytes) MB over a link: \(decimal(ours, 2)) GB/s, OpenSSL alone \(decimal(bare, 2)) GB/s "
                    + "(ratio \(decimal(ratio, 3)))")
        }
    }
}
