/// The field's terms stand for words that only this project once had, so that nobody learns a second language.
enum FieldWords {
    /// A word that is not to be used, as it is spelt; and what stands for it.
    static let replacements: [(word: String, instead: String)] = [
        ("Absentees", "AbsentPeers"), ("absentees", "absent peers"), ("Admission", "JoinAgreement"),
        ("Entrance", "JoinRequest"), ("NeighbourRounds", "SynchronousRounds"), ("Occasion", "ExchangeSchedule"),
        ("occasion", "schedule"), ("ServerTie", "ServerLiveness"), ("ElasticTie", "ElasticExchange"),
        ("CircleGossip", "RandomCycle"), ("EdgeLists", "AdjacencyLists"), ("Findings", "GraphProperties"),
        ("latecomer", "joiner"), ("latecomers", "joiners"), ("newcomer", "joiner"), ("newcomers", "joiners"),
        ("centre", "server"), ("centres", "servers"), ("ElasticCentre", "ElasticServer"),
        ("Witness", "Observer"), ("witness", "observer"), ("Stepper", "LocalOptimizer"), ("stepper", "optimizer"),
        ("Surroundings", "Environment"), ("surroundings", "environment"), ("PayloadShelf", "PayloadTable"),
        ("garble", "corrupt"), ("garbles", "corrupts"), ("garbled", "corrupted"), ("misbehaviour", "byzantine kind"),
        ("liar", "byzantine peer"), ("liars", "byzantine peers"), ("Slowness", "StragglerDelay"),
        ("Happening", "SimulationEvent"), ("grave", "tombstone"), ("graves", "tombstones"), ("bury", "account"),
        ("mourn", "account"), ("undertaker", "tombstone"), ("Crew", "LocalPeers"), ("crew", "local peers"),
        ("crews", "workers"), ("Ears", "PeerCallbacks"), ("ears", "callbacks"), ("Parcel", "ControlContent"),
        ("RankPost", "ControlMailbox"), ("RankService", "WorkerLoop"), ("Introduction", "Handshake"),
        ("callRoll", "handshake"), ("dismissal", "shutdown"), ("farewell", "shutdown"),
        ("QuietTraffic", "TerminationDetector"), ("Idlers", "WaitingCount"), ("idlers", "waiting count"),
        ("SharedParts", "PlanCache"), ("residents", "local peers"), ("EngineThread", "ProgressThread"),
        ("Volley", "PingPong"), ("volley", "ping-pong"), ("strike", "send"), ("Gallery", "DigestRecorder"),
        ("gallery", "recorder"), ("routed", "max-pool, sparse"), ("FaultPoints", "CrashPoints"),
        ("for ever", "forever"), ("anew", "again"), ("noughts", "zeros"), ("mended", "fixed"), ("mend", "fix"),
        ("whoever leads", "the leader"), ("numbers that are none", "NaN"),
    ]

    /// In the program, its pages and its scripts; a name in a record that others read, such as "centre", stays.
    static func check(_ file: SourceFile) -> [Complaint] {
        let isPage = file.path.hasSuffix(".md") && !file.path.hasPrefix("docs/results/")
        guard file.isSource || isPage || file.path.hasPrefix("script/") || file.path.hasPrefix("Traces/") else {
            return []
        }
        return file.lines.enumerated().flatMap { index, line in
            replacements.filter { stands($0.word, in: line) }.map { word, instead in
                file.complaint(line: index + 1, "`\(word)` is a word of this project alone; say `\(instead)`")
            }
        }
    }

    private static func stands(_ word: String, in line: Substring) -> Bool {
        line.ranges(of: word).contains { range in
            let before = line[..<range.lowerBound].last
            let after = line[range.upperBound...].first
            let continues: (Character?) -> Bool = { $0.map { $0.isLetter || $0.isNumber || $0 == "_" } ?? false }
            let isQuoted = before.map { "\"`'/".contains($0) } ?? false
            return !continues(before) && !continues(after) && !isQuoted
        }
    }
}
