import Configuration
public import Experiments

/// The runs of a reproduction at a scale.
public struct ReproductionPlan: Sendable {
    /// What is reproduced.
    public let reproduction: Reproduction
    let scale: Reproduction.Scale
    let tables: [PlannedTable]

    /// The rows of a table at this scale.
    struct PlannedTable: Sendable {
        let table: Reproduction.Table
        let rows: [PlannedRow]
    }

    /// A row with the runs of each variant, which differ in their seeds alone.
    struct PlannedRow: Sendable {
        let name: String
        let row: Reproduction.Row
        let variants: [[PlannedRun]]
    }

    /// Plans the runs. Throws what is wrong with the settings of any, and where there is no such scale.
    public init(_ reproduction: Reproduction, scale name: String, registries: Registries) throws {
        guard let scale = reproduction.scales.first(where: { $0.name == name }) else {
            throw ConfigurationError(
                key: "--scale", unknown("scale", name, known: reproduction.scales.map(\.name)))
        }
        self.reproduction = reproduction
        self.scale = scale
        tables = try reproduction.tables.map { table in
            try PlannedTable(
                table: table, rows: Self.rows(of: table, reproduction, scale: scale, registries: registries))
        }
    }

    private static func rows(
        of table: Reproduction.Table, _ reproduction: Reproduction, scale: Reproduction.Scale, registries: Registries
    ) throws -> [PlannedRow] {
        let own = table.scales[scale.name]
        let choices = Sweep.combinations(of: own?.axes ?? [])
        return try table.rows.filter { $0.scales.contains(scale.name) }.flatMap { row in
            try choices.map { choice in
                let varied = choice.map { "\($0.key)=\($0.value)" }
                let name = ([row.name] + varied.map(Self.short)).joined(separator: ", ")
                let variants = try table.variants.map { variant in
                    try (1...scale.seeds).map { seed in
                        let settings = Self.settled(
                            scale.settings + table.settings + (own?.settings ?? []) + row.settings + varied
                                + variant.settings + (row.variants[variant.name] ?? []) + ["seed=\(seed)"])
                        let labels = [name, variant.name, "seed\(seed)"]
                        return try PlannedRun(
                            name: RunName.folder(labels, settings: ["\(reproduction.host)"] + settings.sorted()),
                            host: reproduction.host, settings: settings, registries: registries)
                    }
                }
                return PlannedRow(name: name, row: row, variants: variants)
            }
        }
    }

    /// `algorithm.probability=0.1` as `probability 0.1`.
    private static func short(_ setting: String) -> String {
        let parts = setting.split(separator: "=", maxSplits: 1)
        return "\(parts[0].split(separator: ".").last ?? "") \(parts.last ?? "")"
    }

    /// The settings without those that a later one replaces: one of the same key, and one that names something else in
    /// their section, whose options they are not.
    private static func settled(_ settings: [String]) -> [String] {
        func key(_ setting: String) -> Substring { setting.prefix { $0 != "=" } }
        return settings.enumerated().filter { index, setting in
            let (own, section) = (key(setting), setting.prefix { $0 != "." && $0 != "=" })
            return !settings[(index + 1)...].contains { key($0) == own || key($0) == "\(section).name" }
        }.map(\.element)
    }

    /// All runs, each once, in the order of the tables; first those of the first seed, so that every row has a number
    /// early.
    public var runs: [PlannedRun] {
        var names: Set<String> = []
        return (0..<scale.seeds).flatMap { seed in
            tables.flatMap { $0.rows.flatMap { $0.variants.map { $0[seed] } } }
        }.filter { names.insert($0.name).inserted }
    }
}
