import ArgumentParser
import Compute
import Datasets
import Experiments
import Foundation
import Records
import Reports
import Runtime
import Training
import Transports

import enum Configuration.JSON

struct Doctor: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say what this machine has, what is missing and how to get it.")
    @Flag(help: "Print one JSON object.") var json = false

    func run() throws {
        let findings = examine()
        try reportingFailure {
            try put(json ? findingsJSON(findings).sorted.text + "\n" : findingsText(findings), terminator: "")
        }
    }
}

/// One thing that the doctor has looked at.
struct Finding: Hashable {
    let name: String
    /// What there is, or what is missing.
    let state: String
    /// How to get what is missing; nil where nothing is.
    var remedy: String?
    /// Whether it is there and not as it should be, where there is a remedy.
    var isThere = false

    fileprivate var verdict: String { remedy == nil ? "ok" : isThere ? "check" : "missing" }
}

func findingsText(_ findings: [Finding]) -> String {
    var table = Table(columns: [.left, .left, .left])
    table.rows = findings.map { [$0.verdict, $0.name, $0.state] }
    let remedies = findings.compactMap { finding in finding.remedy.map { "\(finding.name): \($0)\n" } }
    return table.text + (remedies.isEmpty ? "" : "\n" + remedies.joined())
}

func findingsJSON(_ findings: [Finding]) -> JSON {
    .object([
        (
            "findings",
            .array(
                findings.map {
                    .object([
                        ("name", .string($0.name)), ("ok", .boolean($0.remedy == nil)), ("state", .string($0.state)),
                        ("remedy", $0.remedy.map(JSON.string) ?? .null),
                    ])
                })
        )
    ])
}

private func examine() -> [Finding] {
    let machine = Environment.current(oneDNNVersion: oneDNNVersion, commandLine: [], started: "")
    var findings = [
        Finding(
            name: "processor",
            state: "\(machine.processor), \(machine.cores) cores, \(machine.processorFeatures.joined(separator: " "))",
            remedy: machine.processorFeatures.contains("avx2") ? nil : "steps are slow without AVX2; use a newer CPU"),
        Finding(name: "memory", state: bytes(machine.memoryBytes)),
        Finding(name: "kernel", state: machine.kernel),
        Finding(name: "oneDNN", state: oneDNNVersion),
    ]
    findings += Registries.all.datasets.map { dataset($0.name) }
    findings += [
        codec("JPEG", ImageCodecs.jpegMissing, remedy: ImageCodecs.jpegRemedy),
        codec("PNG", ImageCodecs.pngMissing, remedy: ImageCodecs.pngRemedy),
    ]
    findings.append(
        tool("gnuplot", for: "figures", remedy: "apt-get install gnuplot-nox"))
    findings += Transports.all.compactMap(\.processes).map(transport)
    let environment = ProcessInfo.processInfo.environment
    findings += Transports.all.compactMap(\.links).flatMap { $0.examine(environment: environment, clock: .system) }
        .map { Finding(name: $0.name, state: $0.state, remedy: $0.remedy, isThere: true) }
    findings.append(
        Finding(
            name: "dygraphs",
            state: ReportFile.hasCharts ? "in this build" : "not in this build; reports hold still pictures",
            remedy: ReportFile.hasCharts ? nil : "apt-get install libjs-dygraphs, then build again"))
    findings.append(space())
    return findings
}

/// Whether a data set can be read, which reads it.
private func dataset(_ name: String) -> Finding {
    do {
        let places = DataPlaces(environment: ProcessInfo.processInfo.environment)
        let dataset = try DataSources.load(DataRequest(name: name), places: places)
        return Finding(
            name: name, state: "\(dataset.train.count) training samples, \(dataset.test.count) test samples")
    } catch let error as DataError {
        return Finding(name: name, state: "\(error.subject): \(error.problem)", remedy: error.remedy)
    } catch {
        return Finding(name: name, state: "cannot be read", remedy: "\(error)")
    }
}

/// Whether pictures of a kind can be read, which image folders need.
private func codec(_ kind: String, _ missing: String?, remedy: String) -> Finding {
    Finding(
        name: kind, state: missing.map { "\($0); it reads image folders" } ?? "can be read",
        remedy: missing == nil ? nil : remedy)
}

private func tool(_ name: String, for use: String, remedy: String) -> Finding {
    if let path = executable(name) { return Finding(name: name, state: path) }
    return Finding(name: name, state: "not found; it draws \(use)", remedy: remedy)
}

/// Whether everything is here that a run over several processes needs.
private func transport(_ transport: any ProcessTransport) -> Finding {
    do {
        return Finding(name: transport.title, state: try transport.examine())
    } catch let error as any TransportError {
        return Finding(name: transport.title, state: error.finding, remedy: error.remedy)
    } catch {
        return Finding(name: transport.title, state: "cannot be used", remedy: "\(error)")
    }
}

/// Where a program lies among the folders of the search path; nil when it is in none.
func executable(_ name: String) -> String? {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return folders.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
}

/// The room for the folders of runs, which lie in `runs` of the present folder by default.
private func space() -> Finding {
    let here = FileManager.default.currentDirectoryPath
    let attributes = try? FileManager.default.attributesOfFileSystem(forPath: here)
    let free = (attributes?[.systemFreeSize] as? NSNumber)?.intValue ?? 0
    let isEnough = free >= 1_000_000_000
    return Finding(
        name: "disk", state: "\(bytes(free)) free in \(here)",
        remedy: isEnough ? nil : "make room, or choose another folder with --output")
}
