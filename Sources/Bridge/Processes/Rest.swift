/// Whether all processes of a run are at rest together: nobody computes, and no frame is under way.
///
/// Whoever comes to rest tells for each other one how many frames it has sent there and handled from there, and tells
/// it again when that has changed. All is quiet once both ends of every way tell the same number: who sends at rest
/// does so because of a frame that came, and the first such frame behind the numbers told would have no cause (the
/// channel counting of Mattern 1987). A value: what was heard goes in.
struct Rest {
    /// What a peer rests for.
    enum Purpose: String, Codable, Sendable {
        case consensus, save, restore
        /// For good: it takes part in the rests of the others, whatever they are for.
        case end
    }

    /// How a peer stands at rest.
    struct Report: Codable, Sendable, Hashable {
        var purpose: Purpose
        /// How many rests it has had before.
        var round: UInt64
        /// What the state is known by that it goes on from; else 0.
        var token: UInt64
        /// Frames sent to each rank.
        var sent: [UInt64]
        /// Frames of each rank that were handled.
        var handled: [UInt64]
    }

    private let rank: Int
    /// What each rank has told last; nil of one that is at work.
    private var reports: [Report?]
    /// The last rest after which each rank went on.
    private var passed: [UInt64?]
    private(set) var gone: Set<Int> = []

    init(rank: Int, ranks: Int) {
        self.rank = rank
        reports = Array(repeating: nil, count: ranks)
        passed = Array(repeating: nil, count: ranks)
    }

    /// Ranks that are there, this one apart.
    var others: [Int] { reports.indices.filter { $0 != rank && !gone.contains($0) } }

    /// Whether everybody else is at rest, so that it matters how this peer stands.
    var isAwaited: Bool { others.allSatisfy { isAtRest($0) } }

    /// Whether what a rank told last is still so: it has not gone on since.
    private func isAtRest(_ other: Int) -> Bool {
        guard let report = reports[other] else { return false }
        if report.purpose == .end || !hasPassed(other, report.round) { return true }
        // It is ready to go on, and does when this peer, which is at the same rest, is as far.
        guard let mine = reports[rank], mine.purpose != .end else { return false }
        return mine.round == report.round && !hasPassed(rank, mine.round)
    }

    private func hasPassed(_ rank: Int, _ round: UInt64) -> Bool { passed[rank].map { $0 >= round } ?? false }

    /// A rank, or this one, tells how it stands.
    mutating func note(_ report: Report, of rank: Int) {
        guard report.sent.count == reports.count, report.handled.count == reports.count else { return }
        reports[rank] = report
    }

    /// A rank, or this one, goes on after a rest.
    mutating func notePassed(_ round: UInt64, of rank: Int) { passed[rank] = round }

    /// A rank is gone.
    mutating func noteGone(_ rank: Int) { gone.insert(rank) }

    /// The rest that all are in, with nothing under way; nil while one is at work or a frame is.
    ///
    /// Throws where two rest for different things.
    func quiet() throws(BridgeError) -> Report? {
        let here = reports.indices.filter { !gone.contains($0) }
        let resting = here.filter { isAtRest($0) }.compactMap { rank in reports[rank].map { (rank, $0) } }
        let active = resting.filter { $0.1.purpose != .end }
        guard let subject = active.first(where: { $0.0 == rank })?.1 ?? active.first?.1 ?? reports[rank] else {
            return nil
        }
        for (other, report) in active where report.round == subject.round {
            try Self.compare(subject, report, of: other)
        }
        guard resting.count == here.count, active.allSatisfy({ $0.1.round == subject.round }) else { return nil }
        for sender in here {
            for receiver in here where sender != receiver {
                guard reports[sender]?.sent[receiver] == reports[receiver]?.handled[sender] else { return nil }
            }
        }
        return subject
    }

    private static func compare(_ mine: Report, _ theirs: Report, of rank: Int) throws(BridgeError) {
        guard theirs.purpose == mine.purpose else {
            throw BridgeError(
                .mismatch,
                "rank \(rank) asks for \(theirs.purpose.words) and this process for \(mine.purpose.words); ask for the "
                    + "same in all processes")
        }
        guard theirs.token == mine.token else {
            throw BridgeError(
                .mismatch,
                "rank \(rank) goes on from a state of another moment; load states that were saved together")
        }
    }

    /// Whether everybody who is not at rest for good goes on after that rest, too.
    func havePassed(_ round: UInt64) -> Bool {
        others.allSatisfy { reports[$0]?.purpose == .end || hasPassed($0, round) }
    }

    /// What a rest of this moment is known by: the same on all ranks.
    var token: UInt64 {
        var token: UInt64 = 0xcbf2_9ce4_8422_2325
        for report in reports {
            for word in (report?.sent ?? []) + (report?.handled ?? []) { token = (token ^ word) &* 0x100_0000_01b3 }
        }
        return token | 1
    }
}

extension Rest.Purpose {
    fileprivate var words: String {
        switch self {
        case .consensus: "the consensus model"
        case .save: "its state"
        case .restore: "another state"
        case .end: "the end"
        }
    }
}
