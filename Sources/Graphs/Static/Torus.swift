public import Configuration

/// Peers in a grid, row after row, whose edges are joined: each has a neighbour above, below, left and right. Where a
/// side is two long, both ways lead to the same neighbour.
public struct Torus: ListedTopology {
    package static let rows = Option.optionalInteger(
        "rows", in: 2...1_000_000, "rows of the grid; null: as near to a square as the peers allow")

    public static let description = Description(
        name: "torus", summary: "a grid with joined edges; four neighbours each",
        options: [rows.description, MixingRule.option().description])

    private let rows: Int
    private let columns: Int
    public var columnCount: Int? { columns }

    public init(peers: Int, seed: UInt64, options: Options) throws(ConfigurationError) {
        let given = try options.value(Self.rows)
        rows = given ?? Self.nearSquare(peers)
        columns = peers / rows
        if let given {
            guard peers.isMultiple(of: given), columns >= 2 else {
                let bipartition = (2...max(2, peers)).filter { peers.isMultiple(of: $0) && peers / $0 >= 2 }
                throw ConfigurationError(
                    key: "rows",
                    "\(peers) peers do not fill \(given) rows of two or more columns each; "
                        + (bipartition.isEmpty
                            ? Self.otherNumbers(peers)
                            : "choose rows among " + bipartition.map { "\($0)" }.joined(separator: ", ")))
            }
        } else {
            guard peers == 1 || rows >= 2 else {
                throw ConfigurationError(
                    key: nil,
                    "a torus needs two or more rows and columns, and \(peers) peers make no such grid; "
                        + Self.otherNumbers(peers))
            }
        }
    }

    /// The greatest divisor that is no greater than the square root.
    private static func nearSquare(_ peers: Int) -> Int {
        var side = Int(Double(peers).squareRoot())
        while !peers.isMultiple(of: side) { side -= 1 }
        return side
    }

    private static func otherNumbers(_ peers: Int) -> String {
        func isGrid(_ number: Int) -> Bool { number >= 4 && nearSquare(number) >= 2 }
        let below = (1..<peers).last(where: isGrid).map { "\($0) or " } ?? ""
        let above = (peers + 1...2 * peers + 4).first(where: isGrid) ?? 4
        return "take \(below)\(above) peers, or topology.name=ring"
    }

    package func neighbours(of peer: Int, round: UInt64) -> [Int] {
        let (row, column) = peer.quotientAndRemainder(dividingBy: columns)
        let around = [
            (row + rows - 1) % rows * columns + column, (row + 1) % rows * columns + column,
            row * columns + (column + columns - 1) % columns, row * columns + (column + 1) % columns,
        ]
        return Set(around).subtracting([peer]).sorted()
    }

    public func degree(of peer: PeerID, round: UInt64) -> Int {
        [rows, columns].reduce(0) { $0 + min($1 - 1, 2) }
    }

    public var laplacian: LaplacianExtremes? {
        // The eigenvalues of a product of graphs are the sums of theirs.
        let (down, across) = (LaplacianExtremes.cycle(of: rows), LaplacianExtremes.cycle(of: columns))
        return LaplacianExtremes(
            least: min(down.least, across.least), greatest: down.greatest + across.greatest)
    }
}
