/// The little of JSON that a header holds: objects, lists, strings and whole numbers from 0.
enum JSONValue: Hashable {
    struct Member: Hashable {
        let key: String
        let value: JSONValue
    }

    case object([Member])
    case list([JSONValue])
    case string(String)
    case integer(Int)

    /// The whole numbers of a list of nothing else.
    var integers: [Int]? {
        guard case .list(let items) = self else { return nil }
        let numbers = items.compactMap { if case .integer(let number) = $0 { number } else { nil } }
        return numbers.count == items.count ? numbers : nil
    }
}
