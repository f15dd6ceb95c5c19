import Configuration

/// The names of folders for runs.
enum RunName {
    private static let longest = 60

    /// A name that tells a reader which run it is, with a fingerprint by which no other run has it.
    ///
    /// - Parameters:
    ///   - labels: what the run is called.
    ///   - settings: all that makes it this run.
    static func folder(_ labels: [String], settings: [String]) -> String {
        var fingerprint = Fingerprint()
        for setting in settings {
            fingerprint.combine(setting)
            // No text has this word in it.
            fingerprint.combine(UInt64.max)
        }
        return [slug(labels), String(fingerprint.value, radix: 16)].filter { !$0.isEmpty }.joined(separator: "-")
    }

    /// Texts as one word of letters, digits, dots and dashes that no shell, disk or option minds.
    static func slug(_ texts: [String]) -> String {
        let words = texts.joined(separator: " ").split { character in
            !(character.isASCII && (character.isLetter || character.isNumber || character == "."))
        }
        return String(words.joined(separator: "-").drop { ".-".contains($0) }.prefix(longest))
    }
}
