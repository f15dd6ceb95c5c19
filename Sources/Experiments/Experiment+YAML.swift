package import Configuration

extension Experiment {
    /// The experiment with all its keys, as a file from which the same experiment is read again. Of the keys that
    /// nothing reads, those with a value of their own are left out.
    public var yaml: String { yaml { _ in true } }

    /// The same of some keys, by their paths.
    func yaml(_ isWanted: (String) -> Bool) -> String {
        let defaults = Dictionary(uniqueKeysWithValues: defaults(.all).map { ($0.key, $0.value) })
        let unused = Set(unusedKeys(.all).map(\.path))
        func isWritten(_ path: String, _ value: OptionValue) -> Bool {
            isWanted(path) && (!unused.contains(path) || defaults[path] == value)
        }
        var lines: [String] = []
        for entry in Self.entries {
            switch entry {
            case .key(let key):
                if isWritten(key.name, key.get(self)) { lines.append("\(key.name): \(key.get(self).yaml)") }
            case .section(let section):
                let written = fields(of: section).filter { isWritten("\(section.name).\($0.key)", $0.value) }
                if !written.isEmpty { lines.append("\(section.name):") }
                lines += written.map { "  \($0.key): \($0.value.yaml)" }
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Every key that something reads by its path, `optimizer.learning_rate`, with its value as it is written.
    package var settings: [(key: String, value: String)] {
        let unused = Set(unusedKeys(.all).map(\.path))
        return allFields.filter { !unused.contains($0.key) }.map { ($0.key, $0.value.yaml) }
    }

    /// Every key by its path with its value.
    package var allFields: [(key: String, value: OptionValue)] {
        Self.entries.flatMap { entry -> [(key: String, value: OptionValue)] in
            switch entry {
            case .key(let key): [(key.name, key.get(self))]
            case .section(let section): fields(of: section).map { ("\(section.name).\($0.key)", $0.value) }
            }
        }
    }

    /// Every key by its path with its default, where the choices are those of this experiment.
    package func defaults(_ registries: Registries) -> [(key: String, value: OptionValue)] {
        let standard = Experiment()
        return Self.entries.flatMap { entry -> [(key: String, value: OptionValue)] in
            switch entry {
            case .key(let key): return [(key.name, key.get(standard))]
            case .section(let section):
                var fields = section.keys.map { ($0.name, $0.get(standard)) }
                if let choice = section.choice {
                    fields.append((choice.key, .text(choice.defaultName)))
                    let name = self[keyPath: choice.path].name
                    let options = registries[keyPath: choice.registry].first { $0.name == name }?.options ?? []
                    fields += options.map { ($0.name, $0.canonical($0.defaultValue) ?? $0.defaultValue) }
                }
                return fields.map { ("\(section.name).\($0.0)", $0.1) }
            }
        }
    }

    /// The keys of a section with their values: the name of the chosen first, its options last.
    private func fields(of section: Section) -> [(key: String, value: OptionValue)] {
        var fields: [(key: String, value: OptionValue)] = []
        let choice = section.choice.map { ($0.key, self[keyPath: $0.path]) }
        if let (key, choice) = choice { fields.append((key, .text(choice.name))) }
        fields += section.keys.map { ($0.name, $0.get(self)) }
        if let (_, choice) = choice {
            fields += choice.options.values.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        }
        return fields
    }
}

extension OptionValue {
    /// The value in YAML, on one line, such that YAML 1.1 and 1.2 read the same.
    package var yaml: String {
        switch self {
        case .null, .boolean, .integer: written
        case .number(let number): number.yaml
        case .text(let text): Self.isPlain(text) ? text : JSON.quoted(text)
        case .list(let items): "[" + items.map(\.yaml).joined(separator: ", ") + "]"
        case .table(let entries):
            "{"
                + entries.sorted { $0.key < $1.key }.map { "\(Self.key($0.key)): \($0.value.yaml)" }
                .joined(separator: ", ") + "}"
        }
    }

    private static func key(_ text: String) -> String {
        let isNumber = !text.isEmpty && text.allSatisfy { $0.isASCII && $0.isNumber }
        return isNumber || isPlain(text) ? text : JSON.quoted(text)
    }

    /// Whether a text may stand without quotes and is a text to every reader.
    private static func isPlain(_ text: String) -> Bool {
        let isLetter: (Character) -> Bool = { $0.isASCII && ($0.isLetter || $0 == "_" || $0 == "/") }
        let isInner: (Character) -> Bool = { $0.isASCII && ($0.isLetter || $0.isNumber || "_/.-+".contains($0)) }
        let reserved = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"]
        return text.first.map(isLetter) == true && text.allSatisfy(isInner) && !reserved.contains(text.lowercased())
    }
}

extension Double {
    /// The number as YAML readers of both versions take it for a number: `0.05` rather than `5e-2`, which is a text in
    /// YAML 1.1, and a point in front of every exponent.
    package var yaml: String {
        if isNaN { return ".nan" }
        if isInfinite { return self < 0 ? "-.inf" : ".inf" }
        let text = "\(self)"
        guard let e = text.firstIndex(of: "e"), let exponent = Int(text[text.index(after: e)...]) else { return text }
        let mantissa = text[..<e]
        let sign = mantissa.hasPrefix("-") ? "-" : ""
        let parts = mantissa.drop { $0 == "-" }.split(separator: ".")
        let digits = parts.joined()
        if (-12..<0).contains(exponent) {
            let fraction = digits.hasSuffix("0") && parts.count == 2 ? String(digits.dropLast()) : digits
            return sign + "0." + String(repeating: "0", count: -exponent - 1) + fraction
        }
        let whole = parts.count == 2 ? String(mantissa) : mantissa + ".0"
        return whole + (exponent < 0 ? "e-" : "e+") + "\(abs(exponent))"
    }
}
