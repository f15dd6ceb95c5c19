import Configuration
import Gossip

/// Turns the tree of an experiment file into an experiment, and refuses whatever it does not understand.
package struct ExperimentReader {
    package let registries: Registries
    /// What the file named in each section before the command line named something else.
    package let formerNames: [String: String]
    /// How many processes carry the run out; nil for one.
    package let ranks: Int?
    package private(set) var experiment = Experiment()
    /// Where each key was given.
    package private(set) var places: [String: ExperimentError.Place] = [:]

    package init(registries: Registries, formerNames: [String: String], ranks: Int? = nil) {
        self.ranks = ranks
        self.registries = registries
        self.formerNames = formerNames
    }

    package mutating func read(_ root: SettingNode) throws(ExperimentError) {
        guard let fields = root.fields else {
            throw ExperimentError(
                root.place, key: nil,
                "an experiment is a table of keys, such as 'peers: 4', not \(excerpt(root.value.written))")
        }
        let names = Experiment.entries.map(\.name)
        for field in fields where !names.contains(field.key) {
            throw ExperimentError(
                field.node.place, key: excerpt(field.key), unknownKey(field.key, known: names))
        }
        for entry in Experiment.entries {
            switch entry {
            case .key(let key): try read(key, at: key.name, from: root[key.name])
            case .section(let section): try read(section, from: root[section.name])
            }
        }
        // As many learners as ranks, unless something else says how many.
        if let ranks, experiment.processes != nil, places["peers"] == nil {
            experiment.peers = max(1, ranks - Algorithms.traits(experiment.algorithm.name).servers)
        }
        experiment.adoptOpenNetwork { places[$0] != nil }
        experiment.workloadKind.adopt(&experiment) { places[$0] != nil }
        try refuseUnused()
        try checkTogether()
    }

    private mutating func read(_ key: Key, at path: String, from node: SettingNode?) throws(ExperimentError) {
        guard let node else { return }
        note(node, at: path)
        key.set(&experiment, try Self.canonical(node, key.description, path: path))
    }

    /// Remembers where a value was given, and each item of a list: a complaint about one finds its line.
    mutating func note(_ node: SettingNode, at path: String) {
        places[path] = node.place
        guard case .list(let items) = node.content else { return }
        for (index, item) in items.enumerated() { places["\(path)[\(index)]"] = item.place }
    }

    private mutating func read(_ section: Section, from node: SettingNode?) throws(ExperimentError) {
        let fields = node.map(\.fields) ?? []
        guard let fields else {
            throw ExperimentError(
                node?.place ?? .none, key: section.name,
                "a table of keys is expected, such as {\(Self.sample(section))}, not "
                    + excerpt(node?.value.written ?? "null"))
        }
        if let node { places[section.name] = node.place }
        let chosen = try section.choice.map { choice throws(ExperimentError) in
            try read(choice, of: section, from: fields)
        }
        for key in section.keys {
            try read(key, at: "\(section.name).\(key.name)", from: node?[key.name])
        }
        // A choice has refused the unknown keys already.
        if chosen == nil { try refuseUnknown(fields, in: section, known: section.keys.map(\.name)) }
    }

    /// Reads the name of what is chosen, and its options. Returns the description of the chosen.
    private mutating func read(
        _ choice: Section.Selector, of section: Section, from fields: [SettingNode.Field]
    ) throws(ExperimentError) -> Description {
        let path = "\(section.name).\(choice.key)"
        let given = fields.first { $0.key == choice.key }?.node
        var name = choice.defaultName
        if let given {
            places[path] = given.place
            guard case .text(let text) = given.value(for: .text) else {
                throw ExperimentError(
                    given.place, key: path,
                    "the name of one \(choice.noun) is expected, not \(excerpt(given.value.written))")
            }
            name = text
        }
        let known = registries[keyPath: choice.registry]
        guard let chosen = known.first(where: { $0.name == name }) else {
            throw ExperimentError(
                given?.place ?? .none, key: path,
                unknown(choice.noun, name, known: known.map(\.name)))
        }
        let former = formerNames[section.name].flatMap { former in known.first { $0.name == former } }
        experiment[keyPath: choice.path].name = name
        experiment[keyPath: choice.path] = Experiment.Choice(
            name, options: try options(of: chosen, former: former, in: section, from: fields))
        return chosen
    }

    /// The value of every option of the chosen: the given ones checked, the others by default.
    private mutating func options(
        of chosen: Description, former: Description?, in section: Section, from fields: [SettingNode.Field]
    ) throws(ExperimentError) -> Options {
        let own = (section.choice.map { [$0.key] } ?? []) + section.keys.map(\.name)
        var values = Dictionary(
            chosen.options.map { ($0.name, $0.canonical($0.defaultValue) ?? $0.defaultValue) },
            uniquingKeysWith: { first, _ in first })
        var left: [SettingNode.Field] = []
        for field in fields where !own.contains(field.key) {
            let path = "\(section.name).\(field.key)"
            if let option = chosen.options.first(where: { $0.name == field.key }) {
                note(field.node, at: path)
                let node = try named(field.node, option, path: path) ?? field.node
                values[field.key] = try Self.canonical(node, option, path: path)
            } else if former?.options.contains(where: { $0.name == field.key }) == true,
                case .file = field.node.place
            {
                // It belongs to what the file named; the command line has named another, which has no such option.
                continue
            } else if let reason = chosen.refusals[field.key] {
                throw ExperimentError(field.node.place, key: path, reason)
            } else {
                left.append(field)
            }
        }
        try refuseUnknown(left, in: section, known: own + chosen.options.map(\.name))
        return Options(values)
    }

    private func refuseUnknown(
        _ fields: [SettingNode.Field], in section: Section, known: [String]
    ) throws(ExperimentError) {
        for field in fields where !known.contains(field.key) {
            throw ExperimentError(
                field.node.place, key: "\(section.name).\(excerpt(field.key))",
                refusal(of: field.key, in: section) ?? unknownKey(field.key, known: known))
        }
    }

    /// Why what is chosen cannot have a key that others have; nil where nobody says.
    private func refusal(of key: String, in section: Section) -> String? {
        section.name == "algorithm" ? Algorithms.refusal(of: key, by: experiment.algorithm.name) : nil
    }

    /// The sentence for a key that nobody knows there: the nearest in its table, else the nearest anywhere, else all
    /// of the table.
    private func unknownKey(_ key: String, known: [String]) -> String {
        if nearest(to: key, among: known) == nil, key.count > 4 {
            let paths = Experiment.paths(registries)
            let leaves = paths.map { String($0.split(separator: ".").last ?? "") }
            if let leaf = nearest(to: key, among: leaves), let index = leaves.firstIndex(of: leaf) {
                return "unknown key '\(key)'; did you mean '\(paths[index])'?"
            }
        }
        return unknown("key", key, known: known)
    }

    static func canonical(
        _ node: SettingNode, _ description: OptionDescription, path: String
    ) throws(ExperimentError) -> OptionValue {
        if case .options(let known) = description.kind, let fields = node.fields {
            return try canonical(fields, known, path: path)
        }
        let given = node.value(for: description.kind)
        guard let value = description.canonical(given) else {
            if case .text(let text) = given, description.canonical(OptionValue(plain: text)) != nil {
                throw ExperimentError(
                    node.place, key: path,
                    "'\(excerpt(text))' stands in quotes, which makes it a text; write it without them")
            }
            throw ExperimentError(
                node.place, key: path, "\(excerpt(given.written)) is not \(description.expectation)")
        }
        return value
    }

    /// A table of options, so that a complaint is about the one that is wrong.
    private static func canonical(
        _ fields: [SettingNode.Field], _ known: [OptionDescription], path: String
    ) throws(ExperimentError) -> OptionValue {
        var values = Dictionary(
            known.map { ($0.name, $0.canonical($0.defaultValue) ?? $0.defaultValue) },
            uniquingKeysWith: { first, _ in first })
        for field in fields {
            guard let option = known.first(where: { $0.name == field.key }) else {
                throw ExperimentError(
                    field.node.place, key: "\(path).\(excerpt(field.key))",
                    unknown("key", field.key, known: known.map(\.name)))
            }
            values[option.name] = try canonical(field.node, option, path: "\(path).\(option.name)")
        }
        return .table(values)
    }

    private static func sample(_ section: Section) -> String {
        if let choice = section.choice { return "\(choice.key): \(choice.defaultName)" }
        return section.keys.first.map { "\($0.name): \($0.description.defaultValue.written)" } ?? ""
    }

    /// Throws when values do not go together.
    private func checkTogether() throws(ExperimentError) {
        do throws(ConfigurationError) {
            if let problem = experiment.problemTogether() { throw problem }
            _ = try experiment.faultList()
            try registries.check(experiment)
        } catch {
            throw error.located(by: places)
        }
    }
}

extension ConfigurationError {
    /// The complaint with the place of the key it blames, or of the section around the key.
    package func located(by places: [String: ExperimentError.Place]) -> ExperimentError {
        var path = key
        while let key = path {
            if let place = places[key] { return ExperimentError(place, key: self.key, message) }
            path = key.lastIndex(of: ".").map { String(key[..<$0]) }
        }
        return ExperimentError(.none, key: key, message)
    }
}
