import Foundation

/// Where the peers of a graph stand in its picture: in their grid, or on a circle; servers stand apart.
struct GraphLayout {
    /// A place, and where beside it there is room for a number.
    struct Place: Hashable {
        var x: Double
        var y: Double
        var outwardX = 0.0
        var outwardY = 0.0
    }

    /// Of the learners, then of the servers.
    let places: [Place]
    /// From a peer to the nearest other one.
    let spacing: Double
    /// Peers in a row, in a grid.
    let columns: Int?

    /// The side of the picture.
    static let side = 560.0
    private static let radius = 240.0

    init(learners: Int, servers: Int, columns: Int?) {
        self.columns = columns
        let middle = Self.side / 2
        if let columns, learners > columns {
            let rows = (learners + columns - 1) / columns
            let step = (Self.side - 80) / Double(max(rows, columns) - 1 + (servers > 0 ? 1 : 0))
            let (left, top) = (middle - step * Double(columns - 1) / 2, 40.0)
            let grid = (0..<learners).map { peer in
                Place(
                    x: left + step * Double(peer % columns), y: top + step * Double(peer / columns), outwardX: 0.7,
                    outwardY: -0.7)
            }
            places = grid + (0..<servers).map { Place(x: left + step * Double($0), y: top + step * Double(rows)) }
            spacing = step
            return
        }
        let circle = (0..<learners).map { peer -> Place in
            // From the top, as a clock goes.
            let angle = 2 * Double.pi * Double(peer) / Double(max(1, learners))
            return Place(
                x: middle + Self.radius * sin(angle), y: middle - Self.radius * cos(angle), outwardX: sin(angle),
                outwardY: -cos(angle))
        }
        let inner = (0..<servers).map { server -> Place in
            guard servers > 1 else { return Place(x: middle, y: middle) }
            let angle = 2 * Double.pi * Double(server) / Double(servers)
            return Place(x: middle + 60 * sin(angle), y: middle - 60 * cos(angle))
        }
        places = circle + inner
        spacing = 2 * Self.radius * sin(Double.pi / Double(max(2, learners)))
    }

    /// The line between two peers, by its corners; a bow where others of their row or column stand in its way.
    func line(_ from: Int, _ to: Int) -> [Place] {
        let (a, b) = (places[from], places[to])
        let isAlong = abs(a.x - b.x) < 1 || abs(a.y - b.y) < 1
        guard columns != nil, isAlong, hypot(a.x - b.x, a.y - b.y) > 1.5 * spacing else { return [a, b] }
        // Half of the bend is how far the middle lies beside the row.
        let bend = 0.7 * spacing
        let (x, y) = abs(a.x - b.x) < 1 ? (a.x + bend, (a.y + b.y) / 2) : ((a.x + b.x) / 2, a.y + bend)
        return (0...8).map { part in
            let t = Double(part) / 8
            let (first, middle, last) = ((1 - t) * (1 - t), 2 * t * (1 - t), t * t)
            return Place(x: first * a.x + middle * x + last * b.x, y: first * a.y + middle * y + last * b.y)
        }
    }

    static func number(_ value: Double) -> String {
        let text = String(format: "%.1f", value)
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
