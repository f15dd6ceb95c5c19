import Records

/// What the evaluated model says of the test samples: which classes it takes for which, and pictures that it got wrong.
struct PredictionsSection {
    let predictions: PredictionsRecord

    /// Classes up to which the numbers are shown, and up to which there is a picture.
    static let tableLimit = 20
    static let pictureLimit = 200
    private static let levels = 10
    private static let nameLength = 24

    var markup: Markup {
        let confusion = Confusion(predictions)
        let matrix =
            predictions.classes.count <= Self.tableLimit
            ? table(confusion) : predictions.classes.count <= Self.pictureLimit ? picture(confusion) : ""
        return "<div class=\"sides\">\n<div>\(matrix)</div>\n<div>\(pairs(confusion))</div>\n</div>\n\(mistakes)"
    }

    /// A name that leaves room for others.
    static func short(_ name: String) -> String {
        name.count > nameLength ? name.prefix(nameLength) + "…" : name
    }

    private func name(_ label: Int) -> String { Self.short(predictions.classes[label]) }

    // MARK: Confusion

    /// The tint of a count: of right answers by their share of the class, of wrong ones by the most frequent of those.
    private func tint(_ confusion: Confusion, _ label: Int, _ answer: Int, most: Int) -> String {
        let count = confusion.counts[label][answer]
        guard count > 0 else { return "h0" }
        let share =
            label == answer ? confusion.share(label) ?? 0 : Double(count) / Double(max(1, most))
        let level = min(max(1, Int((share * Double(Self.levels)).rounded(.up))), Self.levels)
        return (label == answer ? "h" : "x") + "\(level)"
    }

    private func table(_ confusion: Confusion) -> Markup {
        let most = confusion.mostFrequent(1).first?.count ?? 0
        let header = confusion.classes.indices.map { label -> Markup in
            "<th scope=\"col\"><span>\(name(label))</span></th>"
        }
        let rows = confusion.classes.indices.map { label -> Markup in
            let cells = confusion.classes.indices.map { answer -> Markup in
                let count = confusion.counts[label][answer]
                let title = "\(name(label)) taken for \(name(answer)): \(Quantity.count(count))"
                return """
                    <td class="\(tint(confusion, label, answer, most: most))" title="\(title)">\
                    \(count == 0 ? "" : Quantity.count(count))</td>
                    """
            }
            return "<tr><th scope=\"row\">\(name(label))</th>\(cells)</tr>\n"
        }
        return """
            <div class="scroll" tabindex="0" role="group" aria-label="answers by class">
            <table class="matrix confusion">
            <thead><tr><td></td>\(header)</tr></thead>
            <tbody>
            \(rows)</tbody></table></div>
            <p class="note">What the samples are in the row, what the model says in the column. Right answers are \
            tinted by their share of the row, wrong ones by the most frequent of them.</p>

            """
    }

    /// A square for each pair, all squares of a tint in one path.
    private func picture(_ confusion: Confusion) -> Markup {
        let size = confusion.classes.count
        let most = confusion.mostFrequent(1).first?.count ?? 0
        var paths: [String: String] = [:]
        for (label, row) in confusion.counts.enumerated() {
            for (answer, count) in row.enumerated() where count > 0 {
                paths[tint(confusion, label, answer, most: most), default: ""] += "M\(answer) \(label)h1v1h-1z"
            }
        }
        let drawn = paths.sorted { $0.key < $1.key }.map { tint, path in
            "<path class=\"\(tint)\" d=\"\(path)\"/>\n" as Markup
        }
        return """
            <svg class="matrix" viewBox="0 0 \(size) \(size)" role="img" aria-label="answers by class">
            <rect class="ground" width="\(size)" height="\(size)"/>
            \(drawn)</svg>
            <p class="note">Classes 0 to \(size - 1) from the top, what the model says from the left; right answers \
            are tinted by their share of the class, wrong ones by the most frequent of them.</p>

            """
    }

    private func pairs(_ confusion: Confusion) -> Markup {
        let pairs = confusion.mostFrequent(10)
        guard !pairs.isEmpty else { return "<p>Every test sample was classified right.</p>\n" }
        return HTMLTable(
            caption: "Most often confused", header: ["is", "the model says", "samples", "of the class"],
            rows: pairs.map { pair in
                let all = confusion.counts[pair.label].reduce(0, +)
                let share = Quantity.decimal(100 * Double(pair.count) / Double(max(1, all)), 1) + " %"
                return [name(pair.label), name(pair.answer), Quantity.count(pair.count), share]
            }, words: 2
        ).markup
    }

    // MARK: Mistakes

    private var mistakes: Markup {
        guard !predictions.mistakes.isEmpty else { return "" }
        let figures = predictions.mistakes.map { mistake -> Markup in
            let (label, answer) = (predictions.labels[mistake.sample], predictions.answers[mistake.sample])
            let sure = Quantity.decimal(100 * mistake.confidence, 0) + "\u{A0}%"
            return """
                <figure><img src="data:image/png;base64,\(mistake.image)" alt="test sample \(mistake.sample)">
                <figcaption><b>\(name(answer))</b>, \(sure)<br>is \(name(label))</figcaption></figure>

                """
        }
        return """
            <h3>Got wrong</h3>
            <div class="mistakes">
            \(figures)</div>
            <p class="note">Those of the wrong answers of which the model was surest: what it said, how sure it was, \
            and what the image is.</p>

            """
    }
}
