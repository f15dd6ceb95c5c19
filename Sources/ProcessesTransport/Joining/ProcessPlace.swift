/// Which of the processes of a run this one is, and where they meet, by its environment.
struct ProcessPlace: Sendable, Hashable {
    static let names = (rank: "MURMUR_RANK", ranks: "MURMUR_RANKS", folder: "MURMUR_RENDEZVOUS")
    /// More would each need a connection to every other one.
    static let mostRanks = 1024

    /// This process among the others, from 0.
    let rank: Int
    /// How many processes there are.
    let ranks: Int
    /// The folder in which they meet.
    let folder: String

    init(rank: Int, of ranks: Int, in folder: String) {
        precondition((0..<ranks).contains(rank), "rank \(rank) of \(ranks)")
        (self.rank, self.ranks, self.folder) = (rank, ranks, folder)
    }

    /// The place that variables give, each by its name.
    init(environment: [String: String]) throws(ProcessesError) {
        let names = Self.names
        guard environment[names.rank] != nil || environment[names.ranks] != nil else { throw .notLaunched }
        let ranks = try Self.number(names.ranks, 1...Self.mostRanks, environment)
        let rank = try Self.number(names.rank, 0...(ranks - 1), environment)
        guard let folder = environment[names.folder], !folder.isEmpty else {
            throw .variable(names.folder, value: "", expected: "a folder in which the processes meet")
        }
        self.init(rank: rank, of: ranks, in: folder)
    }

    private static func number(
        _ name: String, _ range: ClosedRange<Int>, _ environment: [String: String]
    ) throws(ProcessesError) -> Int {
        let value = environment[name] ?? ""
        guard let number = Int(value), range.contains(number) else {
            throw .variable(
                name, value: value, expected: "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }
}
