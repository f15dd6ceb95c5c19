import ArgumentParser
import Compute
import Configuration
import Datasets
import Experiments
import Foundation
import Models
import Randomness
import Vectors
import Workloads

/// `murmur bench batch`: how long the steps of an experiment wait for their batches.
struct BenchBatch: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "batch",
        abstract: "Time how long the training steps of one peer wait for their batches.",
        discussion: """
            A step asks for its batch, which is read, decoded and varied there and then or was by workers before, and \
            computes its gradient. Shown are the medians of both, and how large a part of all the time the batches took.
            """)

    @ArgumentParser.Option(
        name: [.short, .long], help: "The experiment file.", completion: .file(extensions: ["yaml", "yml"]))
    var config: String?
    @Argument(help: "Settings that go before the file's: key.path=value.") var overrides: [String] = []
    @ArgumentParser.Option(help: "Steps to measure.") var steps = 30
    @Flag(help: "Print one JSON object.") var json = false

    func validate() throws {
        try refuseStray(overrides)
        guard steps > 0 else { throw ValidationError("--steps is \(steps), and needs at least 1") }
    }

    func run() throws {
        try reportingFailure {
            let loaded = try LoadedExperiment(file: config, overrides: overrides, registries: .all)
            var experiment = loaded.experiment
            // All batches have one size, for which there is one plan.
            experiment.data.lastBatch = .drop
            do {
                guard experiment.workload.kind.readsData else {
                    throw ConfigurationError(key: "model.name", "the \(experiment.model.name) learns from no batches")
                }
                let places = DataPlaces(environment: ProcessInfo.processInfo.environment)
                // One peer's pixels, and none for tests.
                let workload = try NetworkWorkload(experiment, places: places, holding: 0..<1, tests: false)
                let times = try measure(workload, experiment)
                if let failure = workload.failure { throw failure }
                try report(times, experiment, workers: workload.dataWorkerCount)
            } catch let error as ConfigurationError {
                throw loaded.located(error)
            }
        }
    }

    /// The milliseconds of each step that went into its batch and into all of it, after three steps that do not count.
    private func measure(_ workload: NetworkWorkload, _ experiment: Experiment) throws -> [(batch: Double, all: Double)]
    {
        var sampler = try workload.sampler(of: 0)
        var executable = try Executable(
            workload.network, batch: sampler.batch, threads: experiment.threadsPerPeer, precision: experiment.precision)
        workload.initialModel(of: 0).read { executable.load($0) }
        var gradient = FlatVector(count: workload.network.layout.count)
        var dropout = RandomStream(seed: 0, purpose: .dropout)
        var times: [(batch: Double, all: Double)] = []
        while times.count < steps + 3 {
            let begin = ContinuousClock.now
            executable.withInput { images, labels in sampler.fill(images: &images, labels: &labels) }
            let filled = ContinuousClock.now
            gradient.write { _ = executable.gradient(into: &$0, dropout: &dropout) }
            let end = ContinuousClock.now
            times.append(((filled - begin) / .milliseconds(1), (end - begin) / .milliseconds(1)))
        }
        return Array(times.dropFirst(3))
    }

    private func report(_ times: [(batch: Double, all: Double)], _ experiment: Experiment, workers: Int) throws {
        let (wait, step) = (median(times.map(\.batch)), median(times.map(\.all)))
        let part = times.map(\.batch).reduce(0, +) / times.map(\.all).reduce(0, +)
        if json {
            try put(
                JSON.object([
                    ("batch", .integer(experiment.batch)), ("batch_ms", .number(rounded(wait))),
                    ("batch_part", .number(rounded(part))), ("data", .string(experiment.data.name)),
                    ("model", .string(experiment.model.name)), ("step_ms", .number(rounded(step))),
                    ("workers", .integer(workers)),
                ]).sorted.text)
        } else {
            try put(
                "\(experiment.model.name) on \(experiment.data.name), batch \(experiment.batch): a step takes "
                    + "\(rounded(step)) ms, of which it waits \(rounded(wait)) ms for its batch, "
                    + "\(rounded(part * 100)) % of all the time, with \(workers) workers")
        }
    }

    private func rounded(_ value: Double) -> Double { (value * 1e4).rounded() / 1e4 }
}
