import Foundation

/// Who sent how many messages to whom: a table with tinted cells, or a picture where there are too many peers to read.
struct MessageMatrix {
    let messages: [[Int]]
    let bytes: [[Int]]?

    /// Peers up to which the numbers are shown.
    static let tableLimit = 16
    /// Tints, from none to that of the busiest pair.
    static let levels = 10

    var markup: Markup {
        messages.count <= Self.tableLimit ? table : picture
    }

    /// The tint of a number: 0 for nothing alone.
    func level(_ count: Int) -> Int {
        let most = messages.joined().max() ?? 0
        guard count > 0, most > 0 else { return 0 }
        return min(max(1, Int((Double(count) / Double(most) * Double(Self.levels)).rounded(.up))), Self.levels)
    }

    /// The busiest pair and the silent ones, in words.
    var sentence: String {
        let pairs = messages.indices.flatMap { sender in
            messages.indices.filter { $0 != sender }.map { (sender, $0, messages[sender][$0]) }
        }
        guard let most = pairs.max(by: { $0.2 < $1.2 }), most.2 > 0 else { return "No message was sent." }
        let talking = pairs.count { $0.2 > 0 }
        return "Most went from peer \(most.0) to peer \(most.1): \(Quantity.count(most.2, "message")). "
            + "\(Quantity.count(talking)) of \(Quantity.count(pairs.count, "pair")) talked."
    }

    private var table: Markup {
        let header = messages.indices.map { "<th scope=\"col\">\($0)</th>" as Markup }
        let rows = messages.indices.map { sender -> Markup in
            let cells = messages.indices.map { receiver -> Markup in
                let count = messages[sender][receiver]
                if sender == receiver, count == 0 { return "<td class=\"self\"></td>" }
                let size = bytes.map { ", \(Quantity.bytes(Double($0[sender][receiver])))" } ?? ""
                let title = "\(sender) to \(receiver): \(Quantity.count(count, "message"))\(size)"
                return "<td class=\"h\(level(count))\" title=\"\(title)\">\(Quantity.count(count))</td>"
            }
            return "<tr><th scope=\"row\">\(sender)</th>\(cells)</tr>\n"
        }
        return """
            <div class="scroll" tabindex="0" role="group" aria-label="messages by sender and receiver">
            <table class="matrix">
            <thead><tr><td></td>\(header)</tr></thead>
            <tbody>
            \(rows)</tbody></table></div>
            <p class="note">Messages: the sender in the row, the receiver in the column.</p>

            """
    }

    /// A square for each pair, all squares of a tint in one path.
    private var picture: Markup {
        let size = messages.count
        var paths = [String](repeating: "", count: Self.levels + 1)
        for (sender, row) in messages.enumerated() {
            for (receiver, count) in row.enumerated() where count > 0 {
                paths[level(count)] += "M\(receiver) \(sender)h1v1h-1z"
            }
        }
        let drawn = paths.indices.dropFirst().filter { !paths[$0].isEmpty }.map { level in
            "<path class=\"h\(level)\" d=\"\(paths[level])\"/>\n" as Markup
        }
        return """
            <svg class="matrix" viewBox="0 0 \(size) \(size)" role="img" aria-label="\(sentence)">
            <rect class="ground" width="\(size)" height="\(size)"/>
            \(drawn)</svg>
            <p class="note">Senders 0 to \(size - 1) from the top, receivers from the left; the stronger, the more.</p>

            """
    }
}
