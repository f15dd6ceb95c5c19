import Configuration

extension ExperimentReader {
    /// The table of what is chosen by name within an option, once all of it is found to be known and allowed; a
    /// complaint names the key within. Nil where the option is no such choice, or no table is given.
    ///
    /// Where the command line names something else than the file did, the file's options of it are dropped.
    mutating func named(
        _ node: SettingNode, _ option: OptionDescription, path: String
    ) throws(ExperimentError) -> SettingNode? {
        guard case .named(let known) = option.kind else { return nil }
        let names = known.map(\.name)
        guard let fields = node.fields else {
            guard case .text(let word) = node.value(for: .text), !names.contains(word) else { return nil }
            throw ExperimentError(node.place, key: path, unknown(option.name, word, known: names))
        }
        let given = node[NamedOptions.key]
        let name = given?.value(for: .text) ?? option.defaultValue
        guard case .text(let word) = name, let chosen = known.first(where: { $0.name == word }) else {
            throw ExperimentError(
                given?.place ?? node.place, key: "\(path).\(NamedOptions.key)",
                unknown(option.name, excerpt(name.written), known: names))
        }
        var kept: [SettingNode.Field] = []
        for field in fields {
            let place = "\(path).\(field.key)"
            if field.key == NamedOptions.key {
                note(field.node, at: place)
            } else if let inner = chosen.options.first(where: { $0.name == field.key }) {
                note(field.node, at: place)
                _ = try Self.canonical(field.node, inner, path: place)
            } else if isLeftByFile(field.node, otherThan: given) {
                continue
            } else {
                throw ExperimentError(
                    field.node.place, key: "\(path).\(excerpt(field.key))",
                    unknown("key", field.key, known: [NamedOptions.key] + chosen.options.map(\.name)))
            }
            kept.append(field)
        }
        let values = kept.filter { $0.key != NamedOptions.key }.map { ($0.key, $0.node.value) }
        do throws(ConfigurationError) {
            try Options(Dictionary(values, uniquingKeysWith: { $1 })).refuseUnknown(besides: chosen.options)
        } catch {
            throw error.within(path).located(by: places)
        }
        return SettingNode(content: .table(kept), place: node.place)
    }

    /// Whether the file gave the option, and the command line the name.
    private func isLeftByFile(_ node: SettingNode, otherThan name: SettingNode?) -> Bool {
        guard case .file = node.place, case .override = name?.place else { return false }
        return true
    }
}

extension OptionDescription {
    /// The option's key, and those of what can be chosen by name within it.
    var paths: [String] {
        guard case .named(let known) = kind else { return [name] }
        let inner = [NamedOptions.key] + known.flatMap { $0.options.map(\.name) }
        return [name] + inner.map { "\(name).\($0)" }
    }
}
