import Configuration
import Experiments

extension Claim {
    init(_ node: SettingNode, of tables: [Reproduction.Table]) throws(ExperimentError) {
        let claim = try FileTable(node, "claims", known: ["says", "measure", "order", "otherwise", "within"])
        text = try claim.requiredText("says")
        otherwise = try claim.text("otherwise") ?? ""
        if let text = try claim.text("within") {
            guard let number = Double(text), number >= 0 else {
                throw claim.complaint("within", "a number of at least 0 is expected")
            }
            within = number
        }
        let name = try claim.requiredText("measure")
        guard let measure = Measure.named(name) else {
            throw claim.complaint("measure", unknown("measure", name, known: Measure.all.map(\.name)))
        }
        self.measure = measure
        var terms: [Term] = []
        for item in try claim.items("order") {
            guard case .scalar(let value, let text) = item.content else {
                throw claim.complaint("order", "numbers and names such as table/row are expected")
            }
            terms.append(try Self.term(value, text, claim, tables))
        }
        if terms.count < 2 { throw claim.complaint("order", "two numbers or runs or more are expected") }
        self.terms = terms
    }

    private static func term(
        _ value: OptionValue, _ text: String, _ claim: FileTable, _ tables: [Reproduction.Table]
    ) throws(ExperimentError) -> Term {
        switch value {
        case .integer(let number): return .number(Double(number))
        case .number(let number): return .number(number)
        default: break
        }
        let parts = text.split(separator: "/").map(String.init)
        guard parts.count >= 2, let table = tables.first(where: { $0.name == parts[0] }) else {
            throw claim.complaint("order", unknown("table", parts.first ?? text, known: tables.map(\.name)))
        }
        let variant = parts.count > 2 ? parts[2] : table.variants[0].name
        guard table.variants.contains(where: { $0.name == variant }) else {
            throw claim.complaint("order", unknown("variant", variant, known: table.variants.map(\.name)))
        }
        // A row that is varied has the value behind its name.
        guard table.rows.contains(where: { parts[1] == $0.name || parts[1].hasPrefix("\($0.name), ") }) else {
            throw claim.complaint("order", unknown("row", parts[1], known: table.rows.map(\.name)))
        }
        return .runs(table: table.name, row: parts[1], variant: variant)
    }
}
