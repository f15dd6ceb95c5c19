public import Configuration
public import Foundation

/// Where a run takes place: the content of `environment.json`.
public struct Environment: Sendable, Hashable, Decodable {
    /// The model's name as the kernel knows it; `unknown` where it tells none.
    public var processor: String
    /// Those of the instruction sets on which the speed of a step depends that the processor has.
    public var processorFeatures: [String]
    /// Processors that this process may use.
    public var cores: Int
    /// The physical memory of the machine.
    public var memoryBytes: Int
    /// The release of the operating system's kernel; `unknown` where it tells none.
    public var kernel: String
    /// Nil where no engine was asked for.
    public var oneDNNVersion: String?
    /// The words of the command that started this process, the program first.
    public var commandLine: [String]
    /// When the run began, or was resumed last, as `YYYYMMDD-HHMMSS` in UTC.
    public var started: String
    /// Of the program.
    public var version = murmurVersion
    /// The processes of a run over several, the first of which all else is told of; nil for a run in one.
    public var ranks: [RankPlace]?

    package enum CodingKeys: String, CodingKey {
        case cores, kernel, started, version, ranks
        case processor = "cpu"
        case processorFeatures = "cpu_features"
        case memoryBytes = "memory_bytes"
        case oneDNNVersion = "onednn_version"
        case commandLine = "command_line"
    }

    /// An environment of this version of the program, in one process.
    package init(
        processor: String, processorFeatures: [String], cores: Int, memoryBytes: Int, kernel: String,
        oneDNNVersion: String?, commandLine: [String], started: String
    ) {
        self.processor = processor
        self.processorFeatures = processorFeatures
        self.cores = cores
        self.memoryBytes = memoryBytes
        self.kernel = kernel
        self.oneDNNVersion = oneDNNVersion
        self.commandLine = commandLine
        self.started = started
    }

    package static let fileName = "environment.json"

    /// What stands in the folder of a run; nil where there is nothing, or nothing of ours.
    package init?(inRun folder: String) {
        guard let data = try? DurableFiles.content(of: "\(folder)/\(Self.fileName)", atMost: 16 << 20),
            let environment = try? JSONDecoder().decode(Environment.self, from: data)
        else { return nil }
        self = environment
    }

    /// A moment as it stands in records and in the names of folders: `YYYYMMDD-HHMMSS` in UTC, so that later ones sort
    /// behind earlier ones wherever and in whichever season they were written.
    public static func timestamp(_ date: Date) -> String {
        var seconds = Int(date.timeIntervalSince1970.rounded(.down))
        var moment = tm()
        gmtime_r(&seconds, &moment)
        func part(_ value: Int32, _ width: Int) -> String { String(format: "%0\(width)d", value) }
        return part(moment.tm_year + 1900, 4) + part(moment.tm_mon + 1, 2) + part(moment.tm_mday, 2) + "-"
            + part(moment.tm_hour, 2) + part(moment.tm_min, 2) + part(moment.tm_sec, 2)
    }

    /// What this machine says of itself.
    public static func current(oneDNNVersion: String?, commandLine: [String], started: String) -> Environment {
        let information = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let flags = value("flags", in: information)?.split(separator: " ").map(String.init) ?? []
        let kernel = (try? String(contentsOfFile: "/proc/sys/kernel/osrelease", encoding: .utf8)) ?? "unknown"
        return Environment(
            processor: value("model name", in: information) ?? "unknown",
            processorFeatures: notable.filter(flags.contains),
            cores: ProcessInfo.processInfo.activeProcessorCount,
            memoryBytes: Int(clamping: ProcessInfo.processInfo.physicalMemory),
            kernel: kernel.trimmingCharacters(in: .whitespacesAndNewlines),
            oneDNNVersion: oneDNNVersion, commandLine: commandLine, started: started)
    }

    /// The instructions on which the speed of a step depends.
    private static let notable = ["avx2", "fma", "avx512f", "avx512_vnni", "avx512_bf16", "amx_bf16"]

    /// The first value of a key in the form of /proc/cpuinfo.
    package static func value(_ key: String, in information: String) -> String? {
        for line in information.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            if parts.count == 2, parts[0] == key { return parts[1] }
        }
        return nil
    }

    /// The keys in the order of the file.
    public var json: JSON {
        .object(
            [
                ("command_line", .array(commandLine.map(JSON.string))), ("cores", .integer(cores)),
                ("cpu", .string(processor)), ("cpu_features", .array(processorFeatures.map(JSON.string))),
                ("kernel", .string(kernel)), ("memory_bytes", .integer(memoryBytes)),
                ("onednn_version", oneDNNVersion.map(JSON.string) ?? .null), ("started", .string(started)),
                ("version", .string(version)),
            ] + (ranks.map { [("ranks", .array($0.map(\.json)))] } ?? []))
    }
}

extension Environment {
    /// The most memory that this process has held at once; 0 where the system does not tell.
    public static var peakMemoryBytes: Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let kilobytes = value("VmHWM", in: status)?.split(separator: " ").first.flatMap { Int($0) }
        return (kilobytes ?? 0) * 1024
    }
}
