/// A call that breaks a promise of the house, and what stands in its place.
struct BannedCall {
    /// The words that are looked for.
    let words: String
    /// What to write instead, and why.
    let instead: String
    /// Where it is looked for: folders, which end in a slash, or files.
    let places: [String]
    /// The places among those where it is allowed.
    var allowed: [String] = []
    /// A call that passes one of these arguments is well.
    var unlessArgument: String?
    /// Whether a method of the same name is another matter.
    var isFreeFunction = false

    func complaints(_ file: SourceFile, _ code: Code) -> [Complaint] {
        guard file.isSwift, file.lies(in: places), !file.lies(in: allowed) else { return [] }
        return code.places(of: words).filter { isBreach(code, at: $0) }.map { place in
            file.complaint(line: code.line(at: place), "`\(words)` is banned here; \(instead)")
        }
    }

    private func isBreach(_ code: Code, at place: Int) -> Bool {
        if isFreeFunction {
            let before = code.text(0..<place)
            if before.hasSuffix(".") || before.hasSuffix("func ") { return false }
        }
        guard let unlessArgument else { return true }
        let open = code.bytes[place...].firstIndex(of: UInt8(ascii: "(")) ?? place
        return !code.text(open..<code.end(ofBracketAt: open)).contains(unlessArgument)
    }
}

enum BannedCalls {
    static func check(_ file: SourceFile) -> [Complaint] {
        guard file.isSwift else { return [] }
        let code = Code(file)
        return all.flatMap { $0.complaints(file, code) }
    }

    static let all = clocks + sleeps + chance + output + tasks + traps + foundation

    private static let everywhere = ["Sources/", "Tests/"]

    /// Where the real world is met; everything else is told the time.
    private static let rim = [
        "Sources/Training/", "Sources/murmur/", "Sources/InProcessTransport/",
        // Silence is time, and how long an engine rests is too.
        "Sources/MPITransport/", "Sources/ProcessesTransport/",
        // Another program's peer lives in the machine's own time.
        "Sources/Bridge/Peer/",
    ]

    static let clocks = [
        "Date()", "Date.now", "ContinuousClock", "SuspendingClock", "SystemClock", "clock_gettime(", "gettimeofday(",
        "DispatchTime.now", "systemUptime",
    ].map {
        BannedCall(
            words: $0, instead: "take `now` as an argument; only \(rim.joined(separator: ", ")) ask a clock",
            places: everywhere,
            allowed: rim + [
                "Tests/TrainingTests/", "Tests/InProcessTransportTests/",
                // Sockets wait in the machine's own time.
                "Tests/OpenTransportTests/Engine/",
            ])
    }

    static let sleeps = ["sleep(", "usleep(", "nanosleep("].map {
        BannedCall(
            words: $0, instead: "wait for the event itself (a timer of the node, a semaphore, a join)",
            places: everywhere, allowed: rim)
    }

    static let chance: [BannedCall] =
        [".random(in:", ".randomElement(", ".shuffled("].map {
            BannedCall(
                words: $0, instead: "pass `using: &stream`, a RandomStream of the seed", places: everywhere,
                unlessArgument: "using:")
        }
        + [".random()", ".shuffle()", "SystemRandomNumberGenerator", "drand48(", "arc4random", "getrandom("].map {
            BannedCall(words: $0, instead: "draw from a RandomStream, so that a seed repeats it", places: everywhere)
        }

    static let output = ["print(", "debugPrint(", "dump("].map {
        BannedCall(
            words: $0,
            instead: "return the text or write a record; Sources/murmur/ speaks to people by `put`, which can fail",
            places: ["Sources/"], allowed: ["Sources/transport-conformance/"], isFreeFunction: true)
    }

    static let tasks = ["Task {", "Task.detached", "Task.init", "Task(", "Task.sleep"].map {
        BannedCall(
            words: $0, instead: "use the peer's own threads, or a task group that is waited for",
            places: everywhere, allowed: ["Sources/murmur/"])
    }

    static let traps =
        ["fatalError(", "try!"].map {
            BannedCall(
                words: $0,
                instead:
                    "a bug is a `precondition` with a sentence and the state; anything else is an error that is thrown",
                places: everywhere)
        }

    static let pureRooms = [
        "Bridge", "Compression", "Compute", "Conditions", "Configuration", "Gossip", "Graphs", "InProcessTransport",
        "MPITransport", "Membership", "MembershipTrials", "Models", "OpenTransport", "Optimizers",
        "ProcessesTransport", "Randomness", "Runtime", "Simulator", "Spectra", "Threads", "Transports", "Vectors",
        "Wire",
    ]

    static let foundation = ["Foundation", "FoundationEssentials"].map {
        BannedCall(
            words: $0, instead: "this module does without; files and formats belong to Datasets, Training and murmur",
            places: pureRooms.map { "Sources/\($0)/" })
    }
}
