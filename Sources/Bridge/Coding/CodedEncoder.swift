/// Encodes values as trees, without Foundation.
struct CodedEncoder: Encoder {
    /// Where a part of the tree grows.
    final class Place {
        enum Content {
            case value(CodedValue)
            case list([Place])
            case table([(key: String, place: Place)])
        }

        var content = Content.value(.null)

        var tree: CodedValue {
            switch content {
            case .value(let value): value
            case .list(let places): .list(places.map(\.tree))
            case .table(let entries): .table(entries.map { CodedValue.Entry(key: $0.key, value: $0.place.tree) })
            }
        }

        /// A place for the next item of a list, or for what stands under a key.
        func next(_ key: String? = nil) -> Place {
            let place = Place()
            switch content {
            case .list(var places):
                // Let go of first, so that nothing is copied.
                content = .value(.null)
                places.append(place)
                content = .list(places)
            case .table(var entries):
                content = .value(.null)
                entries.append((key ?? "super", place))
                content = .table(entries)
            case .value: preconditionFailure("a single value has no parts")
            }
            return place
        }

        var count: Int { if case .list(let places) = content { places.count } else { 0 } }
    }

    private let place: Place
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    private init(_ place: Place) { self.place = place }

    /// The tree of a value.
    static func tree(_ value: some Encodable) throws -> CodedValue {
        let place = Place()
        try value.encode(to: CodedEncoder(place))
        return place.tree
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        if case .table = place.content {} else { place.content = .table([]) }
        return KeyedEncodingContainer(Table(place: place))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        if case .list = place.content {} else { place.content = .list([]) }
        return List(place: place)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { Single(place: place) }

    private struct Table<Key: CodingKey>: KeyedEncodingContainerProtocol {
        let place: Place
        var codingPath: [any CodingKey] { [] }

        func encodeNil(forKey key: Key) { _ = place.next(key.stringValue) }
        func encode(_ value: some Encodable, forKey key: Key) throws {
            try value.encode(to: CodedEncoder(place.next(key.stringValue)))
        }
        func nestedContainer<Inner: CodingKey>(
            keyedBy type: Inner.Type, forKey key: Key
        ) -> KeyedEncodingContainer<Inner> {
            CodedEncoder(place.next(key.stringValue)).container(keyedBy: type)
        }
        func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
            CodedEncoder(place.next(key.stringValue)).unkeyedContainer()
        }
        func superEncoder() -> any Encoder { CodedEncoder(place.next()) }
        func superEncoder(forKey key: Key) -> any Encoder { CodedEncoder(place.next(key.stringValue)) }
    }

    private struct List: UnkeyedEncodingContainer {
        let place: Place
        var codingPath: [any CodingKey] { [] }
        var count: Int { place.count }

        func encodeNil() { _ = place.next() }
        func encode(_ value: some Encodable) throws { try value.encode(to: CodedEncoder(place.next())) }
        func nestedContainer<Inner: CodingKey>(keyedBy type: Inner.Type) -> KeyedEncodingContainer<Inner> {
            CodedEncoder(place.next()).container(keyedBy: type)
        }
        func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { CodedEncoder(place.next()).unkeyedContainer() }
        func superEncoder() -> any Encoder { CodedEncoder(place.next()) }
    }

    private struct Single: SingleValueEncodingContainer {
        let place: Place
        var codingPath: [any CodingKey] { [] }

        private func put(_ value: CodedValue) { place.content = .value(value) }
        func encodeNil() { put(.null) }
        func encode(_ value: Bool) { put(.boolean(value)) }
        func encode(_ value: String) { put(.text(value)) }
        func encode(_ value: Double) { put(.number(value)) }
        func encode(_ value: Float) { put(.number(Double(value))) }
        func encode(_ value: Int) { put(.integer(Int64(value))) }
        func encode(_ value: Int8) { put(.integer(Int64(value))) }
        func encode(_ value: Int16) { put(.integer(Int64(value))) }
        func encode(_ value: Int32) { put(.integer(Int64(value))) }
        func encode(_ value: Int64) { put(.integer(value)) }
        func encode(_ value: UInt) { put(.natural(UInt64(value))) }
        func encode(_ value: UInt8) { put(.natural(UInt64(value))) }
        func encode(_ value: UInt16) { put(.natural(UInt64(value))) }
        func encode(_ value: UInt32) { put(.natural(UInt64(value))) }
        func encode(_ value: UInt64) { put(.natural(value)) }
        func encode(_ value: some Encodable) throws { try value.encode(to: CodedEncoder(place)) }
    }
}
