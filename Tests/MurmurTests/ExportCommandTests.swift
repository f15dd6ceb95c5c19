import Foundation
import TestKit
import Testing

@Suite struct ExportCommandTests {
    private let small = ["train", "model.name=softmax", "data.name=synthetic", "data.samples=64", "peers=2", "batch=8"]

    private func train(_ name: String, in folder: String, _ settings: [String] = ["steps=3"]) throws -> Called {
        try Command.call(small + settings + ["--output", name, "--quiet"], in: folder)
    }

    @Test func recordsAreExported() throws {
        try withTemporaryFolder { folder in
            #expect(try train("run", in: folder).code == 0)
            let csv = try Command.call(["export", "csv", "run/"], in: folder)
            #expect(csv.code == 0 && csv.output == "run/csv\n", "\(csv.errors)")
            #expect(try Command.text("run/csv/network.csv", in: folder).hasPrefix("step,time,messages,bytes\r\n"))
            let events = try Command.call(["export", "tensorboard", "run", "--output", "out/events"], in: folder)
            #expect(events.code == 0 && events.output == "out/events\n", "\(events.errors)")
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: "\(folder)/out/events").sorted()
                    == ["consensus", "peer-000", "peer-001"])
            #expect(try Command.call(["export", "xml", "run"], in: folder).code == 64)
            #expect(try Command.call(["export", "csv", "none"], in: folder).code == 66)
            #expect(try Command.call(["export", "csv", "run", "--output", "out"], in: folder).code == 73)
            // What was exported is a part of the run, which may be replaced as a whole.
            #expect(try train("run", in: folder, ["steps=2", "--force"]).code == 0)
        }
    }

    /// Reads every scalar of a folder, as TensorBoard itself does, and prints folder, tag, step and value.
    private static let reader = """
        import glob, os
        from tensorboard.backend.event_processing import event_accumulator
        for folder in sorted(glob.glob('events/*')):
            events = event_accumulator.EventAccumulator(folder).Reload()
            for tag in sorted(events.Tags()['scalars']):
                for event in events.Scalars(tag):
                    print(os.path.basename(folder), tag, event.step, repr(event.value))
        """
    private static let python = ProcessInfo.processInfo.environment["PYTHON"] ?? "python3"

    /// Whether that Python has TensorBoard.
    private static let hasTensorBoard: Bool = {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [python, "-c", "import tensorboard"]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }()

    @Test(.enabled(if: hasTensorBoard, "this Python has no tensorboard; name one that has by PYTHON"))
    func tensorBoardReadsWhatIsExported() throws {
        try withTemporaryFolder { folder in
            #expect(try train("run", in: folder).code == 0)
            let exported = try Command.call("export", "tensorboard", "run", "--output", "events", in: folder)
            #expect(exported.code == 0, "\(exported.errors)")
            let process = Process.prepared("/usr/bin/env", [Self.python, "-c", Self.reader], in: folder)
            try process.run()
            process.waitUntilExit()
            let lines = try Command.text("stdout", in: folder).split(separator: "\n").map { $0.split(separator: " ") }
            let errors = try Command.text("stderr", in: folder)
            #expect(process.terminationStatus == 0, "\(errors)")
            let records = try Command.text("run/metrics.jsonl", in: folder).split(separator: "\n")
            // Loss and accuracy of each test and stretch, the latter's learning rate, two of traffic, the distance.
            let expected = records.map { line in
                line.contains("\"network\"")
                    ? 2 : line.contains("\"consensus\"") ? 1 : line.contains("\"train\"") ? 3 : 2
            }
            #expect(lines.count == expected.reduce(0, +))
            let rate = lines.first { $0[0] == "peer-001" && $0[1] == "learning_rate" }
            #expect(rate.flatMap { Float($0[3]) } == 0.05)
        }
    }
}
