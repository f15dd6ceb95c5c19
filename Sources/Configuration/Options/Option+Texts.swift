extension Option where Value == String {
    /// A word or a sentence, not empty.
    public static func text(_ name: String, default value: String, _ meaning: String) -> Option {
        Option(
            description: OptionDescription(
                name: name, kind: .text, isNullable: false, defaultValue: .text(value), meaning: meaning)
        ) { given in
            if case .text(let text) = given, !text.isEmpty { return text }
            return nil
        }
    }
}

extension Option where Value == String? {
    /// A word or a sentence, not empty, or null, which is the default and reads as nil.
    public static func optionalText(_ name: String, _ meaning: String) -> Option {
        Option(
            description: OptionDescription(
                name: name, kind: .text, isNullable: true, defaultValue: .null, meaning: meaning)
        ) { given in
            if given == .null { return .some(nil) }
            if case .text(let text) = given, !text.isEmpty { return .some(text) }
            return nil
        }
    }
}

extension Option where Value == [String] {
    /// A list of words or sentences, none of them empty; it is empty by default.
    public static func texts(_ name: String, _ meaning: String) -> Option {
        Option(
            description: OptionDescription(
                name: name, kind: .texts, isNullable: false, defaultValue: .list([]), meaning: meaning)
        ) { given in
            guard case .list(let items) = given else { return nil }
            let texts = items.compactMap { item in
                if case .text(let text) = item, !text.isEmpty { text } else { nil }
            }
            return texts.count == items.count ? texts : nil
        }
    }
}
