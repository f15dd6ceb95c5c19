import ArgumentParser
import Compute
import Foundation
import Models
import Optimizers
import Randomness
import Vectors
import Workloads

import struct Configuration.ConfigurationError

/// `murmur bench`: how long the parts take on this machine.
struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measure one part of the work on this machine.",
        subcommands: [
            BenchStep.self, BenchBatch.self, BenchMix.self, BenchTransport.self, BenchData.self, BenchCompression.self,
            BenchMembership.self, BenchLink.self,
        ])
}

/// `murmur bench step`: one training step, nothing else.
struct BenchStep: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "step",
        abstract: "Time one training step: a peer's weights to it, forward, loss, backward, SGD-momentum update.",
        discussion: """
            Images are of the shape of the experiment's data, or without a file and data of that which the model was \
            made for.
            """)

    @Option(help: "Name of the model, as `murmur models` lists it; that of the experiment file, or cnn, by default.")
    var model: String?
    @OptionGroup var network: NetworkArguments
    @Argument(help: "Settings of the model and its data that go before the file's: model.key=value.")
    var settings: [String] = []
    @Option(help: "Samples in a batch.") var batch = 64
    @Option(help: "Threads of the step.") var threads = 1
    @Option(help: "fp32 or bf16.") var precision = Precision.fp32
    @Option(help: ArgumentHelp("Seconds to measure.", visibility: .hidden)) var seconds = 3.0
    @Option(help: ArgumentHelp("Take exactly so many steps instead.", visibility: .hidden)) var steps: Int?
    @Flag(help: ArgumentHelp("Allocate once while the steps are taken, to test the counter.", visibility: .hidden))
    var plantAllocation = false
    @Flag(help: "Print one JSON object.") var json = false

    func validate() throws {
        try refuseStray(settings)
        try refuseOthers(than: ["model", "data"], settings, instead: "--batch, --threads and --precision are options")
        guard batch > 0 else { throw ValidationError("--batch is \(batch), and needs at least 1") }
        let processors = ProcessInfo.processInfo.activeProcessorCount
        guard threads <= 8 * processors else {
            throw ValidationError("--threads is \(threads), too many for the \(processors) processors of this machine")
        }
        guard threads > 0 else { throw ValidationError("--threads is \(threads), and needs at least 1") }
        guard steps ?? 1 > 0 else { throw ValidationError("--steps needs at least 1") }
    }

    func run() throws {
        try reportingFailure {
            try precision.requireSupport()
            try network.withNetwork(model, settings) { network, _ in
                try MachineNeeds(network: network, peers: 1, batch: batch, threadsPerPeer: threads).check()
                var step = try StepMeasurement(network, batch: batch, threads: threads, precision: precision)
                let times = step.run(seconds: seconds, steps: steps, plantsAllocation: plantAllocation)
                try report(times, network, flops: step.flops)
            }
        }
    }

    private func report(_ times: [Double], _ network: Network, flops: Double) throws {
        let median = times[times.count / 2]
        let rate = Double(batch) / median * 1e3
        if json {
            // Keys in alphabetical order, as in all our JSON.
            try put(
                """
                {"batch":\(batch),"gflops":\(rounded(flops / median / 1e6)),"median_ms":\(rounded(median)),\
                "model":"\(network.name)","p10_ms":\(rounded(times[times.count / 10])),\
                "p90_ms":\(rounded(times[times.count * 9 / 10])),"precision":"\(precision.rawValue)",\
                "samples_per_second":\(rounded(rate)),"threads":\(threads)}
                """)
        } else {
            try put(
                "\(network.name), batch \(batch), \(threads) threads, \(precision.rawValue): "
                    + "\(rounded(median)) ms a step, \(rounded(rate)) samples/s, "
                    + "\(rounded(flops / median / 1e6)) GFLOP/s")
        }
    }

    private func rounded(_ value: Double) -> Double {
        (value * 1e4).rounded() / 1e4
    }
}
