import Configuration
package import Foundation

/// Who may send to whom in a run, and how fast values spread: the content of `graph.json`.
public struct GraphRecord: Sendable, Hashable {
    /// The topology by the name in the experiment.
    public let name: String
    /// Whom each learner may send to, in some round, ascending.
    public let receivers: [[Int]]
    /// Rounds after which the graph repeats.
    public let period: Int
    /// Peers in a row, where they stand in a grid.
    public let columns: Int?
    /// The eigenvalue moduli of the mixing matrix, of the product of its rounds over a period, descending; nil where
    /// the algorithm mixes by no matrix, or where there are too many peers for them to be found.
    public let moduli: [Double]?
    /// 1 - (second largest modulus)^(1/period); nil where the moduli are.
    public let spectralGap: Double?

    /// A graph of as many peers as there are lists of receivers.
    public init(
        name: String, receivers: [[Int]], period: Int, columns: Int?, moduli: [Double]?, spectralGap: Double?
    ) {
        self.name = name
        self.receivers = receivers
        self.period = period
        self.columns = columns
        self.moduli = moduli
        self.spectralGap = spectralGap
    }

    package static let fileName = "graph.json"
    /// A graph of more peers is not recorded: nothing could be seen in its picture.
    package static let peerLimit = 256

    package var text: String {
        JSON.object([
            ("name", .string(name)), ("period", .integer(period)), ("columns", columns.map(JSON.integer) ?? .null),
            ("eigenvalue_moduli", moduli.map { .array($0.map(JSON.number)) } ?? .null),
            ("spectral_gap", spectralGap.map(JSON.number) ?? .null),
            ("receivers", .array(receivers.map { .array($0.map(JSON.integer)) })),
        ]).text + "\n"
    }
}

extension GraphRecord {
    /// Reads what `text` wrote; nil where it is something else, or does not fit together.
    package init?(_ data: Data) {
        guard let json = try? JSON(parsing: data), case .string(let name)? = json["name"],
            case .integer(let period)? = json["period"], period >= 1, case .array(let lists)? = json["receivers"],
            lists.count <= Self.peerLimit
        else { return nil }
        let receivers = lists.compactMap(\.integers)
        guard receivers.count == lists.count, receivers.allSatisfy({ $0.allSatisfy(lists.indices.contains) }) else {
            return nil
        }
        var columns: Int?
        if case .integer(let count)? = json["columns"] {
            guard count >= 1, lists.count.isMultiple(of: count) else { return nil }
            columns = count
        }
        var moduli: [Double]?
        if case .array(let items)? = json["eigenvalue_moduli"] {
            moduli = items.compactMap(\.asNumber)
            guard moduli?.count == items.count else { return nil }
        }
        self.init(
            name: name, receivers: receivers, period: period, columns: columns, moduli: moduli,
            spectralGap: json["spectral_gap"]?.asNumber)
    }
}
