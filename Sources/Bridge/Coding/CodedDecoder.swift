/// Decodes values from trees. What does not fit is a `DecodingError`.
struct CodedDecoder: Decoder {
    private let tree: CodedValue
    let codingPath: [any CodingKey]
    let userInfo: [CodingUserInfoKey: Any]

    private init(_ tree: CodedValue, _ path: [any CodingKey], _ userInfo: [CodingUserInfoKey: Any]) {
        self.tree = tree
        codingPath = path
        self.userInfo = userInfo
    }

    /// The value that a tree was made of.
    static func value<Value: Decodable>(
        _ type: Value.Type, _ tree: CodedValue, userInfo: [CodingUserInfoKey: Any] = [:]
    ) throws -> Value {
        try Value(from: CodedDecoder(tree, [], userInfo))
    }

    private func inner(_ tree: CodedValue, _ key: any CodingKey) -> CodedDecoder {
        CodedDecoder(tree, codingPath + [key], userInfo)
    }

    private func misfit(_ wanted: String) -> DecodingError {
        .dataCorrupted(DecodingError.Context(codingPath: codingPath, debugDescription: "\(wanted) is wanted"))
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard case .table(let entries) = tree else { throw misfit("a table") }
        return KeyedDecodingContainer(Table(decoder: self, entries: entries))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard case .list(let items) = tree else { throw misfit("a list") }
        return List(decoder: self, items: items)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { Single(decoder: self) }

    private struct Index: CodingKey {
        let intValue: Int?
        var stringValue: String { "\(intValue ?? 0)" }
        init(intValue: Int) { self.intValue = intValue }
        init?(stringValue: String) { return nil }
    }

    private struct Table<Key: CodingKey>: KeyedDecodingContainerProtocol {
        let decoder: CodedDecoder
        let entries: [CodedValue.Entry]
        var codingPath: [any CodingKey] { decoder.codingPath }
        var allKeys: [Key] { entries.compactMap { Key(stringValue: $0.key) } }

        func contains(_ key: Key) -> Bool { entries.contains { $0.key == key.stringValue } }
        private func inner(_ key: Key) throws -> CodedDecoder {
            guard let entry = entries.first(where: { $0.key == key.stringValue }) else {
                throw decoder.misfit("'\(key.stringValue)'")
            }
            return decoder.inner(entry.value, key)
        }
        func decodeNil(forKey key: Key) throws -> Bool { try inner(key).tree == .null }
        func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
            try Value(from: inner(key))
        }
        func nestedContainer<Inner: CodingKey>(
            keyedBy type: Inner.Type, forKey key: Key
        ) throws -> KeyedDecodingContainer<Inner> {
            try inner(key).container(keyedBy: type)
        }
        func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
            try inner(key).unkeyedContainer()
        }
        func superDecoder() throws -> any Decoder { throw decoder.misfit("no class") }
        func superDecoder(forKey key: Key) throws -> any Decoder { try inner(key) }
    }

    private struct List: UnkeyedDecodingContainer {
        let decoder: CodedDecoder
        let items: [CodedValue]
        var currentIndex = 0
        var codingPath: [any CodingKey] { decoder.codingPath }
        var count: Int? { items.count }
        var isAtEnd: Bool { currentIndex == items.count }

        private mutating func next() throws -> CodedDecoder {
            guard !isAtEnd else { throw decoder.misfit("a longer list") }
            defer { currentIndex += 1 }
            return decoder.inner(items[currentIndex], Index(intValue: currentIndex))
        }
        mutating func decodeNil() throws -> Bool {
            guard !isAtEnd, items[currentIndex] == .null else { return false }
            currentIndex += 1
            return true
        }
        mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try Value(from: next()) }
        mutating func nestedContainer<Inner: CodingKey>(
            keyedBy type: Inner.Type
        ) throws -> KeyedDecodingContainer<Inner> {
            try next().container(keyedBy: type)
        }
        mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { try next().unkeyedContainer() }
        mutating func superDecoder() throws -> any Decoder { try next() }
    }

    private struct Single: SingleValueDecodingContainer {
        let decoder: CodedDecoder
        var codingPath: [any CodingKey] { decoder.codingPath }

        func decodeNil() -> Bool { decoder.tree == .null }
        func decode(_ type: Bool.Type) throws -> Bool {
            guard case .boolean(let flag) = decoder.tree else { throw decoder.misfit("true or false") }
            return flag
        }
        func decode(_ type: String.Type) throws -> String {
            guard case .text(let text) = decoder.tree else { throw decoder.misfit("a text") }
            return text
        }
        func decode(_ type: Double.Type) throws -> Double {
            guard case .number(let number) = decoder.tree else { throw decoder.misfit("a number") }
            return number
        }
        func decode(_ type: Float.Type) throws -> Float { Float(try decode(Double.self)) }
        private func integer<Value: FixedWidthInteger>(_ type: Value.Type) throws -> Value {
            let value: Value? =
                switch decoder.tree {
                case .integer(let integer): Value(exactly: integer)
                case .natural(let natural): Value(exactly: natural)
                default: nil
                }
            guard let value else { throw decoder.misfit("an integer") }
            return value
        }
        func decode(_ type: Int.Type) throws -> Int { try integer(type) }
        func decode(_ type: Int8.Type) throws -> Int8 { try integer(type) }
        func decode(_ type: Int16.Type) throws -> Int16 { try integer(type) }
        func decode(_ type: Int32.Type) throws -> Int32 { try integer(type) }
        func decode(_ type: Int64.Type) throws -> Int64 { try integer(type) }
        func decode(_ type: UInt.Type) throws -> UInt { try integer(type) }
        func decode(_ type: UInt8.Type) throws -> UInt8 { try integer(type) }
        func decode(_ type: UInt16.Type) throws -> UInt16 { try integer(type) }
        func decode(_ type: UInt32.Type) throws -> UInt32 { try integer(type) }
        func decode(_ type: UInt64.Type) throws -> UInt64 { try integer(type) }
        func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try Value(from: decoder) }
    }
}
