import Configuration
import Yams

/// Reads YAML into settings that know their places. Numbers are those of YAML 1.2's core schema, and no key is given
/// twice in any notation.
///
/// The library puts what an alias stands for in its place as it composes, and hashes keys, so that a few lines could
/// grow without bound. Hence it gets to see none: the asterisks go in as a letter that the text does not have, and what
/// begins with it is resolved here, where it is counted what aliases expand to.
package struct YAMLReader {
    /// Turns a line and a column into a place.
    package typealias Placer = (_ line: Int, _ column: Int) -> ExperimentError.Place

    /// Nodes and bytes that all aliases of a text may stand for together.
    package static let expansionLimit = 1 << 20
    /// How deep lists and tables may be nested.
    package static let depthLimit = 64

    private let place: Placer
    private let asterisk: Unicode.Scalar?
    private var anchored: [String: Built] = [:]
    private var expanded = 0

    private struct Built {
        var node: SettingNode
        /// Nodes and bytes of texts, those of aliases counted as often as they stand there.
        var size: Int
        /// How many lists and tables stand one within the other.
        var height = 0
    }

    /// Reads YAML. An empty text is an empty table.
    package static func read(_ yaml: String, place: Placer) throws(ExperimentError) -> SettingNode {
        try withoutActuallyEscaping(place) { place throws(ExperimentError) in
            // Anchors are held by the parser alone.
            let reader = YAMLReader(place: place, asterisk: stand(in: yaml))
            let composed = try reader.compose(yaml)
            return try withExtendedLifetime(composed.parser) { () throws(ExperimentError) in
                var reader = reader
                guard let root = composed.root else { return SettingNode(content: .table([]), place: place(1, 1)) }
                return try reader.build(root, at: root.mark, depth: 0).node
            }
        }
    }

    private init(place: @escaping Placer, asterisk: Unicode.Scalar?) {
        self.place = place
        self.asterisk = asterisk
    }

    /// The letter, for nobody's use by Unicode, that stands for asterisks; nil where there is none to stand for.
    private static func stand(in yaml: String) -> Unicode.Scalar? {
        guard yaml.utf8.contains(UInt8(ascii: "*")) else { return nil }
        let taken = Set(yaml.unicodeScalars.lazy.filter { $0.value >= 0xE000 && $0.value < 0xF900 })
        return (UInt32(0xE000)..<0xF900).lazy.compactMap(Unicode.Scalar.init).first { !taken.contains($0) }
    }

    private func compose(_ yaml: String) throws(ExperimentError) -> (parser: Parser, root: Node?) {
        var text = yaml
        if let asterisk {
            text = String(String.UnicodeScalarView(yaml.unicodeScalars.map { $0 == "*" ? asterisk : $0 }))
        }
        do {
            let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
            return (parser, try parser.singleRoot())
        } catch let error as YamlError {
            throw complaint(error)
        } catch {
            throw ExperimentError(place(1, 1), key: nil, "\(error)")
        }
    }

    /// The text as it was written.
    private func written(_ text: String) -> String {
        guard let asterisk else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == asterisk ? "*" : $0 }))
    }

    private mutating func build(_ node: Node, at mark: Mark?, depth: Int) throws(ExperimentError) -> Built {
        let place = place(mark?.line ?? 1, mark?.column ?? 1)
        guard depth <= Self.depthLimit else {
            throw ExperimentError(place, key: nil, "lists and tables are nested more than \(Self.depthLimit) deep")
        }
        var built: Built
        switch node {
        case .scalar(let scalar):
            if let alias = alias(scalar) { return try resolve(alias, at: place, depth: depth) }
            let text = written(scalar.string)
            built = Built(
                node: SettingNode(content: .scalar(Self.value(of: scalar, text), text: text), place: place),
                size: 1 + text.utf8.count)
        case .sequence(let items): built = try list(items, at: place, depth: depth)
        case .mapping(let pairs): built = try table(pairs, at: place, depth: depth)
        case .alias: preconditionFailure("the library was given an alias at \(place)")
        }
        if let anchor = node.anchor { anchored[anchor.rawValue] = built }
        return built
    }

    private mutating func list(
        _ items: Node.Sequence, at place: ExperimentError.Place, depth: Int
    ) throws(ExperimentError) -> Built {
        var (nodes, size, height): ([SettingNode], Int, Int) = ([], 1, 0)
        for item in items {
            let built = try build(item, at: item.mark, depth: depth + 1)
            nodes.append(built.node)
            size += built.size
            height = max(height, built.height)
        }
        return Built(node: SettingNode(content: .list(nodes), place: place), size: size, height: height + 1)
    }

    private mutating func table(
        _ pairs: Node.Mapping, at place: ExperimentError.Place, depth: Int
    ) throws(ExperimentError) -> Built {
        var (fields, size, height): ([SettingNode.Field], Int, Int) = ([], 1, 0)
        var keys: Set<String> = []
        for (key, value) in pairs {
            let built = try build(key, at: key.mark, depth: depth + 1)
            guard case .scalar(_, let text) = built.node.content else {
                throw ExperimentError(built.node.place, key: nil, "a key must be a word")
            }
            let name = OptionValue.canonicalKey(text)
            guard keys.insert(name).inserted else {
                throw ExperimentError(
                    built.node.place, key: nil, "'\(excerpt(name))' is given twice in one table; keep one")
            }
            let inner = try build(value, at: key.mark, depth: depth + 1)
            fields.append(SettingNode.Field(key: name, node: inner.node))
            size += built.size + inner.size
            height = max(height, inner.height)
        }
        return Built(node: SettingNode(content: .table(fields), place: place), size: size, height: height + 1)
    }

    /// The name of what an alias stands for; nil for any other text.
    private func alias(_ scalar: Node.Scalar) -> String? {
        guard let asterisk, scalar.style == .plain, scalar.string.unicodeScalars.first == asterisk else { return nil }
        return String(scalar.string.unicodeScalars.dropFirst())
    }

    private mutating func resolve(
        _ name: String, at place: ExperimentError.Place, depth: Int
    ) throws(ExperimentError) -> Built {
        guard var built = anchored[name] else {
            throw ExperimentError(
                place, key: nil, "not YAML: there is no anchor &\(excerpt(written(name))) in front of the alias")
        }
        guard depth + built.height <= Self.depthLimit else {
            throw ExperimentError(place, key: nil, "lists and tables are nested more than \(Self.depthLimit) deep")
        }
        expanded += built.size
        guard expanded <= Self.expansionLimit else {
            throw ExperimentError(
                place, key: nil,
                "the aliases stand for more than \(Self.expansionLimit) values and letters; write out what is meant")
        }
        built.node.place = place
        return built
    }

    private static func value(of scalar: Node.Scalar, _ text: String) -> OptionValue {
        let tags: [Tag.Name] = [.implicit, .null, .bool, .int, .float]
        return tags.contains { $0.rawValue == scalar.tag.rawValue } ? OptionValue(plain: text) : .text(text)
    }

    private func complaint(_ error: YamlError) -> ExperimentError {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let context = context.map { $0.text + ", " } ?? ""
            return ExperimentError(place(mark.line, mark.column), key: nil, "not YAML: \(context)\(problem)")
        case .reader(let problem, _, _, _):
            return ExperimentError(place(1, 1), key: nil, "not YAML: \(problem)")
        case .duplicatedKeysInMapping(let keys, let context):
            let names = keys.map { "'\(excerpt(written($0)))'" }.joined(separator: ", ")
            return ExperimentError(
                place(context.mark.line, context.mark.column), key: nil,
                "\(excerpt(names)) is given twice in one table; keep one")
        default:
            return ExperimentError(place(1, 1), key: nil, "not YAML: \(excerpt("\(error)"))")
        }
    }
}
