import Configuration
import Experiments

extension Reproduction.Table {
    /// - Parameter scales: the names that the file has.
    init(_ field: SettingNode.Field, scales known: [String]) throws(ExperimentError) {
        let path = "tables.\(field.key)"
        let keys = ["title", "note", "settings", "scales", "measures", "variants", "rows", "figures"]
        let table = try FileTable(field.node, path, known: keys)
        name = field.key
        title = try table.text("title") ?? ""
        note = try table.text("note") ?? ""
        settings = try table.settings("settings")
        measures = try Self.measures(table)
        scales = try Self.scales(table, path, known)
        let named = try table.fields("variants").map { field throws(ExperimentError) in
            let inner = try FileTable(field.node, "\(path).variants.\(field.key)", known: ["settings"])
            return Reproduction.Variant(name: field.key, settings: try inner.settings("settings"))
        }
        let variants = named.isEmpty ? [Reproduction.Variant(name: "", settings: [])] : named
        let rows = try table.fields("rows").map { field throws(ExperimentError) in
            try Reproduction.Row(field, path, variants: variants.map(\.name), scales: known)
        }
        if rows.isEmpty { throw table.complaint("rows", "a table of rows is expected") }
        figures = try table.items("figures").map { node throws(ExperimentError) in
            try Reproduction.FigureRequest(node, path, rows: rows.map(\.name))
        }
        self.variants = variants
        self.rows = rows
    }

    private static func measures(_ table: FileTable) throws(ExperimentError) -> [Measure] {
        guard let words = try table.words("measures") else { return Measure.usual }
        return try words.map { word throws(ExperimentError) in
            guard let measure = Measure.named(word) else {
                throw table.complaint("measures", unknown("measure", word, known: Measure.all.map(\.name)))
            }
            return measure
        }
    }

    private static func scales(
        _ table: FileTable, _ path: String, _ known: [String]
    ) throws(ExperimentError) -> [String: Reproduction.TableScale] {
        var scales: [String: Reproduction.TableScale] = [:]
        for field in try table.fields("scales") {
            let inner = try FileTable(field.node, "\(path).scales.\(field.key)", known: ["settings", "vary"])
            guard known.contains(field.key) else {
                throw table.complaint("scales", unknown("scale", field.key, known: known))
            }
            let axes = try inner.fields("vary").map { field throws(ExperimentError) in
                guard case .list(let items) = field.node.content else {
                    throw inner.complaint("vary", "a list of values is expected behind \(field.key)")
                }
                return SettingAxis(key: field.key, values: items.map(\.settingText))
            }
            scales[field.key] = Reproduction.TableScale(settings: try inner.settings("settings"), axes: axes)
        }
        return scales
    }
}

extension Reproduction.Row {
    /// - Parameters:
    ///   - variants: the names that the table has.
    ///   - scales: those that the file has.
    fileprivate init(
        _ field: SettingNode.Field, _ path: String, variants knownVariants: [String], scales knownScales: [String]
    ) throws(ExperimentError) {
        let path = "\(path).rows.\(field.key)"
        let row = try FileTable(field.node, path, known: ["settings", "variants", "scales", "published"])
        name = field.key
        settings = try row.settings("settings")
        if let node = row["variants"] { _ = try FileTable(node, "\(path).variants", known: knownVariants) }
        variants = Dictionary(
            try row.fields("variants").map { ($0.key, $0.node.settingTexts) }, uniquingKeysWith: { $1 })
        scales = try row.words("scales") ?? knownScales
        for scale in scales where !knownScales.contains(scale) {
            throw row.complaint("scales", unknown("scale", scale, known: knownScales))
        }
        published = try row.fields("published").map { ($0.key, $0.node.writtenText) }
    }
}

extension Reproduction.FigureRequest {
    /// - Parameter rows: the names that the table has.
    fileprivate init(_ node: SettingNode, _ path: String, rows known: [String]) throws(ExperimentError) {
        let table = try FileTable(node, "\(path).figures", known: ["show", "against", "rows", "logarithmic"])
        let (show, against) = (try table.requiredText("show"), try table.requiredText("against"))
        guard let measure = CourseMeasure(rawValue: show) else {
            throw table.complaint("show", unknown("measure", show, known: CourseMeasure.allCases.map(\.rawValue)))
        }
        guard let axis = CourseAxis(rawValue: against) else {
            throw table.complaint("against", unknown("axis", against, known: CourseAxis.allCases.map(\.rawValue)))
        }
        let rows = try table.words("rows")
        for row in rows ?? [] where !known.contains(row) {
            throw table.complaint("rows", unknown("row", row, known: known))
        }
        self.init(measure: measure, axis: axis, rows: rows, isLogarithmic: try table.isSet("logarithmic"))
    }
}
