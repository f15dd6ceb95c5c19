/// The peers and the edges between them, the wider the more went over them.
struct GraphPicture {
    let traffic: GraphTraffic
    let layout: GraphLayout

    init(_ traffic: GraphTraffic, columns: Int?) {
        self.traffic = traffic
        layout = GraphLayout(learners: traffic.learners, servers: traffic.servers, columns: columns)
    }

    var markup: Markup {
        let side = Int(GraphLayout.side)
        let label = "\(Quantity.count(layout.places.count, "peer")), \(Quantity.count(traffic.loads.count, "edge"))"
        return """
            <svg class="graph\(traffic.loads.count > 300 ? " dense" : "")" viewBox="0 0 \(side) \(side)" role="img" \
            aria-label="\(label)">
            \(edges)\(layout.places.indices.map(node))</svg>

            """
    }

    /// All edges of a width in one path, the busiest on top.
    private var edges: Markup {
        var paths = [String](repeating: "", count: GraphTraffic.levels + 1)
        let ordered = traffic.loads.sorted { ($0.key.first, $0.key.second) < ($1.key.first, $1.key.second) }
        for (edge, load) in ordered {
            let corners = layout.line(edge.first, edge.second).map {
                "\(GraphLayout.number($0.x)) \(GraphLayout.number($0.y))"
            }
            paths[traffic.level(load)] += "M" + corners.joined(separator: "L")
        }
        let drawn = paths.indices.filter { !paths[$0].isEmpty }.map { level in
            "<path class=\"e\(level)\" d=\"\(paths[level])\"/>\n" as Markup
        }
        return "\(drawn)"
    }

    private func node(_ peer: Int) -> Markup {
        let place = layout.places[peer]
        let radius = min(15, max(2.5, layout.spacing * 0.42))
        let isServer = peer >= traffic.learners
        let title = (isServer ? "server \(peer)" : "peer \(peer)") + hint(peer)
        let (x, y) = (GraphLayout.number(place.x), GraphLayout.number(place.y))
        // Numbers that do not fit into their circles stand outside, as many as have room.
        let isInside = radius >= 8
        let every = max(1, Int((15 / layout.spacing).rounded(.up)))
        var text: Markup = ""
        if isInside {
            text = "<text x=\"\(x)\" y=\"\(y)\" dy=\".35em\">\(peer)</text>"
        } else if isServer || peer % every == 0 {
            let reach = radius + 12
            let (left, top) = (place.x + reach * place.outwardX, place.y + reach * place.outwardY)
            text = """
                <text x="\(GraphLayout.number(left))" y="\(GraphLayout.number(top))" dy=".35em">\(peer)</text>
                """
        }
        return """
            <g\(isServer ? " class=\"server\"" : "" as Markup)><title>\(title)</title>\
            <circle cx="\(x)" cy="\(y)" r="\(GraphLayout.number(radius))"/>\(text)</g>

            """
    }

    private func hint(_ peer: Int) -> String {
        guard traffic.sent.indices.contains(peer) else { return "" }
        let sent = traffic.sent[peer]
        return ": \(Quantity.count(sent.messages, "message")) of \(Quantity.bytes(Double(sent.bytes))) sent"
    }
}
