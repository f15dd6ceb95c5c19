public import Runtime

/// Why the processes of a run do not come together over local sockets.
public enum ProcessesError: TransportError, Hashable {
    /// Nothing in the environment tells of other processes.
    case notLaunched
    /// A variable of the environment says what cannot be.
    case variable(String, value: String, expected: String)
    /// The folder cannot be where processes meet.
    case folder(String, problem: String, remedy: String)
    /// Another process is that rank.
    case taken(rank: Int, folder: String)
    /// Another rank was started as one of another number of processes.
    case otherCount(rank: Int, of: Int, other: Int, ofOther: Int)
    /// Another rank's build speaks another protocol.
    case otherVersion(rank: Int, other: Int)
    /// Ranks have not come in time.
    case missing([Int], of: Int, seconds: Double, folder: String)
    /// A rank has come and gone before all were there.
    case gone(rank: Int, of: Int)
    /// The system gives something not.
    case system(String, reason: String)
}

extension ProcessesError {
    /// What is wrong.
    public var finding: String {
        switch self {
        case .notLaunched:
            "this process was not started as one of several: MURMUR_RANK, MURMUR_RANKS and MURMUR_RENDEZVOUS are not "
                + "set"
        case .variable(let name, let value, let expected):
            value.isEmpty
                ? "\(name) is not set, where \(expected) is expected" : "\(name) is '\(value)', not \(expected)"
        case .folder(let path, let problem, _):
            "the ranks cannot meet in \(path): \(problem)"
        case .taken(let rank, let folder):
            "another process is rank \(rank) in \(folder)"
        case .otherCount(let rank, let count, let other, let otherCount):
            "rank \(rank) was started as one of \(count) processes, and rank \(other) as one of \(otherCount)"
        case .otherVersion(let rank, let other):
            "rank \(rank) and rank \(other) are of different builds, which do not understand each other"
        case .missing(let ranks, let count, let seconds, let folder):
            "\(Self.list(ranks)) of \(count) \(ranks.count == 1 ? "has" : "have") not come to \(folder) within "
                + "\(seconds.formatted) s"
        case .gone(let rank, let count):
            "rank \(rank) has come and gone before all \(count) ranks were there"
        case .system(let what, let reason):
            "the system gives this process no \(what) (\(reason))"
        }
    }

    /// What to do about it.
    public var remedy: String {
        switch self {
        case .notLaunched, .variable:
            "start the processes by python -m murmur_gossip.run -n 4 COMMAND, or by script/processes -n 4 COMMAND"
        case .folder(_, _, let remedy): remedy
        case .taken:
            "give each process a MURMUR_RANK of its own and each run a MURMUR_RENDEZVOUS of its own, and end what is "
                + "left of an earlier run"
        case .otherCount: "start all ranks of a run with the same MURMUR_RANKS"
        case .otherVersion: "start all ranks with the same build"
        case .missing(_, _, _, let folder):
            "see why they did not begin or ended, and that all were started with MURMUR_RENDEZVOUS=\(folder); "
                + "transport.join_seconds says how long to wait"
        case .gone: "see what that rank says of itself"
        case .system: "allow this user more files and processes (ulimit -n, ulimit -u, the limits of a container)"
        }
    }

    private static func list(_ ranks: [Int]) -> String {
        guard let last = ranks.last, ranks.count > 1 else { return "rank \(ranks.first ?? 0)" }
        return "ranks \(ranks.dropLast().map(String.init).joined(separator: ", ")) and \(last)"
    }
}

extension Double {
    /// Without a fraction where it has none.
    fileprivate var formatted: String { self == rounded() && abs(self) < 1e15 ? "\(Int(self))" : "\(self)" }
}
