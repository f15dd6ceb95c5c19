/// What a process is about to do, by which each sees whether all carry out one run.
struct Hello: Codable, Sendable {
    /// A setting that must be the same everywhere.
    struct Fact: Codable, Sendable, Hashable {
        let key: String
        let value: String
    }

    /// A tensor of the model.
    struct Parameter: Codable, Sendable, Hashable {
        let name: String
        let shape: [Int]

        /// The shape in words, such as `[32, 1, 3, 3]`.
        var extent: String { "\(shape)" }
    }

    /// In the order in which differences explain each other.
    let facts: [Fact]
    /// None of a server, which takes over the learners' model.
    let parameters: [Parameter]
    let isServer: Bool
    /// Steps that the peer is to make.
    let steps: UInt64

    /// The first difference to what another process has introduced, in one sentence; nil where both do the same.
    func difference(to other: Hello, rank: Int) -> String? {
        for fact in facts {
            guard let theirs = other.facts.first(where: { $0.key == fact.key }) else {
                // A server makes no steps.
                if other.isServer { continue }
                return "\(fact.key) is unknown on rank \(rank); install the same version everywhere"
            }
            guard theirs == fact else {
                return
                    "\(fact.key) is \(fact.value) here and \(theirs.value) on rank \(rank); give all processes the same"
            }
        }
        guard !isServer, !other.isServer else { return nil }
        let remedy = "; build the same model in all processes"
        for (mine, theirs) in zip(parameters, other.parameters) where mine != theirs {
            if mine.name == theirs.name {
                return
                    "parameter \(mine.name) is \(mine.extent) here and \(theirs.extent) on rank \(rank)" + remedy
            }
            return "parameter \(mine.name) here is \(theirs.name) on rank \(rank)" + remedy
        }
        guard parameters.count != other.parameters.count else { return nil }
        let isMine = parameters.count > other.parameters.count
        let (more, fewer) = isMine ? (parameters, other.parameters) : (other.parameters, parameters)
        let name = more[fewer.count].name
        return isMine
            ? "parameter \(name) is missing on rank \(rank)" + remedy
            : "parameter \(name) of rank \(rank) is missing here" + remedy
    }
}
