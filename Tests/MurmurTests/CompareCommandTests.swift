import Comparisons
import Foundation
import TestKit
import Testing

@Suite struct CompareCommandTests {
    private let small = [
        "compare", "model.name=softmax", "data.name=synthetic", "data.samples=64", "data.size=8", "peers=2", "batch=8",
        "steps=4",
    ]

    /// When the summaries of runs were written, by the names of their folders.
    private func written(in folder: String) throws -> [String: Date] {
        var dates: [String: Date] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
            let summary = "\(folder)/\(name)/summary.json"
            guard let facts = try? FileManager.default.attributesOfItem(atPath: summary) else { continue }
            dates[name] = facts[.modificationDate] as? Date
        }
        return dates
    }

    @Test(arguments: [[], ["--simulate"]])
    func runsAreMadeOnceAndLaidBesideEachOther(_ host: [String]) throws {
        try withTemporaryFolder { folder in
            let words = small + host + ["-m", "algorithm.name=gosgd,allreduce", "--jobs", "2", "--output", "out"]
            let called = try Command.call(words + ["-m", "seed=1,2"], in: folder)
            #expect(called.code == 0, "\(called.errors)")
            let lines = called.output.split(separator: "\n")
            #expect(lines.count == 3)
            #expect(lines[0].hasPrefix("algorithm.name"))
            #expect(lines[1].hasPrefix("gosgd") && lines[1].contains("±"))
            let first = try written(in: "\(folder)/out")
            #expect(first.count == 4)
            for file in ["table.md", "table.tex", "report.html"] {
                let text = try Command.text("out/\(file)", in: folder)
                #expect(text.contains("gosgd"))
            }
            #expect(
                try Command.text("out/table.csv", in: folder).hasPrefix("algorithm.name,accuracy,accuracy deviation"))
            // The same once more, and a further seed: what is there stays as it is.
            let again = try Command.call(words + ["-m", "seed=1,2,3"], in: folder)
            #expect(again.code == 0, "\(again.errors)")
            let second = try written(in: "\(folder)/out")
            #expect(second.count == 6)
            #expect(first.allSatisfy { second[$0.key] == $0.value })
        }
    }

    @Test func aRunThatFailsLeavesTheOthers() throws {
        try withTemporaryFolder { folder in
            let called = try Command.call(
                small + ["-m", "data.name=synthetic,mnist", "--output", "out"], in: folder,
                shell: "export MURMUR_DATA=/nowhere HOME=/nowhere")
            // data.samples is none of MNIST's keys, which is found before anything runs.
            #expect(called.code == 78)
            #expect(!FileManager.default.fileExists(atPath: "\(folder)/out"))
            let missing = try Command.call(
                ["compare", "model.name=softmax", "steps=2", "-m", "data.name=synthetic,cifar100", "--output", "out"],
                in: folder, shell: "export MURMUR_DATA=/nowhere HOME=/nowhere")
            #expect(missing.code == 1)
            #expect(missing.errors.contains("cifar100-seed1") || missing.errors.contains("cifar100"))
            #expect(missing.output.contains("synthetic"))
        }
    }

    @Test func aDivergedRunIsARow() throws {
        try withTemporaryFolder { folder in
            let called = try Command.call(
                small + [
                    "-m", "optimizer.learning_rate=0.01,1e38", "--output", "out", "--show", "accuracy,samples_seen",
                ],
                in: folder)
            #expect(called.code == 0, "\(called.errors)")
            #expect(called.errors.contains("diverged"))
            #expect(called.output.contains("–"))
        }
    }

    /// A stopped run has records, too, and is made again.
    @Test func aStoppedComparisonGoesOn() throws {
        try withTemporaryFolder { folder in
            let words = small + ["steps=1000000000", "-m", "seed=1,2", "--output", "out", "--quiet"]
            let process = try Command.process(words, in: folder)
            try process.run()
            // Its first run is under way when its folder has records.
            while try !FileManager.default.fileExists(atPath: "\(folder)/out")
                || FileManager.default.subpathsOfDirectory(atPath: "\(folder)/out").filter({
                    $0.hasSuffix("metrics.jsonl")
                })
                .isEmpty
            {
                sched_yield()
            }
            process.terminate()
            process.waitUntilExit()
            #expect(process.terminationStatus == 143)
            let ended = try written(in: "\(folder)/out")
            #expect(ended.count == 1)
            let called = try Command.call(small + ["-m", "seed=1,2", "--output", "out"], in: folder)
            #expect(called.code == 0, "\(called.errors)")
            #expect(try written(in: "\(folder)/out").count == 3)
        }
    }

    @Test func whatIsWrongIsSaid() throws {
        try withTemporaryFolder { folder in
            let misspelt = try Command.call("compare", "--show", "acuracy", in: folder)
            #expect(misspelt.errors.contains("did you mean 'accuracy'?"))
            let codes = try [["-m", "peers"], ["--jobs", "0"], ["nowhere.yaml"]].map {
                try Command.call(["compare"] + $0, in: folder).code
            }
            #expect(codes == [78, 64, 66])
        }
    }
}
