import Configuration
import Yams

extension SettingNode {
    /// Turns a line and a column into a place.
    typealias Placer = (_ line: Int, _ column: Int) -> ExperimentError.Place

    /// Reads YAML. An empty text is an empty table.
    static func read(
        yaml: String, place: Placer
    ) throws(ExperimentError) -> SettingNode {
        let root: Node?
        do {
            root = try Yams.compose(yaml: yaml)
        } catch let error as YamlError {
            throw ExperimentError(error, place: place)
        } catch {
            throw ExperimentError(place(1, 1), key: nil, "\(error)")
        }
        guard let root else {
            return SettingNode(content: .table([]), place: place(1, 1))
        }
        return try SettingNode(root, at: root.mark, place: place)
    }

    private init(_ node: Node, at mark: Mark?, place: Placer) throws(ExperimentError) {
        self.place = place(mark?.line ?? 1, mark?.column ?? 1)
        switch node {
        case .scalar(let scalar):
            content = .scalar(Self.value(of: scalar, in: node), text: scalar.string)
        case .sequence(let items):
            var nodes: [SettingNode] = []
            for item in items { nodes.append(try SettingNode(item, at: item.mark, place: place)) }
            content = .list(nodes)
        case .mapping(let pairs):
            var fields: [Field] = []
            for (key, value) in pairs {
                guard let name = key.scalar?.string else {
                    throw ExperimentError(
                        place(key.mark?.line ?? 1, key.mark?.column ?? 1), key: nil, "a key must be a word")
                }
                fields.append(Field(key: name, node: try SettingNode(value, at: key.mark, place: place)))
            }
            content = .table(fields)
        case .alias:
            // Yams puts the anchored node in the place of an alias as it composes.
            preconditionFailure("an alias is left in the composed tree at \(self.place)")
        }
    }

    private static func value(of scalar: Node.Scalar, in node: Node) -> OptionValue {
        let value: OptionValue? =
            switch Tag.Name(rawValue: node.tag.rawValue) {
            case .null: .null
            case .bool: node.bool.map(OptionValue.boolean)
            case .int: node.int.map(OptionValue.integer) ?? node.float.map(OptionValue.number)
            case .float: node.float.map(OptionValue.number)
            default: nil
            }
        return value ?? .text(scalar.string)
    }
}

extension ExperimentError {
    fileprivate init(_ error: YamlError, place: SettingNode.Placer) {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let context = context.map { $0.text + ", " } ?? ""
            self.init(place(mark.line, mark.column), key: nil, "not YAML: \(context)\(problem)")
        case .reader(let problem, _, _, _):
            self.init(place(1, 1), key: nil, "not YAML: \(problem)")
        case .duplicatedKeysInMapping(let keys, let context):
            self.init(
                place(context.mark.line, context.mark.column), key: nil,
                "\(keys.map { "'\($0)'" }.joined(separator: ", ")) is given twice in one table; keep one")
        default:
            self.init(place(1, 1), key: nil, "not YAML: \(error)")
        }
    }
}
