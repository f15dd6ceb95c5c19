/// A piece of HTML. Texts that are put into one become text there, whatever they hold: names of runs and settings come
/// from users and must never become markup.
public struct Markup: Sendable, Hashable, ExpressibleByStringInterpolation {
    private(set) var text: String

    /// HTML as it is.
    init(html: String) { text = html }
    /// A literal is HTML.
    public init(stringLiteral value: String) { text = value }
    /// What is written around interpolated values is HTML.
    public init(stringInterpolation: StringInterpolation) { text = stringInterpolation.text }

    /// Takes in literals as HTML and strings as text.
    public struct StringInterpolation: StringInterpolationProtocol {
        var text = ""

        /// Empty.
        public init(literalCapacity: Int, interpolationCount: Int) {}

        /// Adds HTML.
        public mutating func appendLiteral(_ literal: String) { text += literal }
        /// Adds HTML.
        public mutating func appendInterpolation(_ markup: Markup) { text += markup.text }
        /// Adds pieces of HTML, one behind the other.
        public mutating func appendInterpolation(_ markups: [Markup]) {
            for markup in markups { text += markup.text }
        }
        /// Adds the digits of a number.
        public mutating func appendInterpolation(_ number: Int) { text += "\(number)" }
        /// Adds a text, which stays one.
        public mutating func appendInterpolation(_ string: String) { text += Markup.escaped(string) }
    }

    /// One behind the other.
    public static func + (a: Markup, b: Markup) -> Markup { Markup(html: a.text + b.text) }

    /// The string as text of an element or of an attribute in quotes.
    static func escaped(_ string: String) -> String {
        var text = ""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\"": text += "&quot;"
            case "'": text += "&#39;"
            // HTML has no such characters, and marks that turn the direction of writing would disguise what follows.
            case _ where scalar.value < 0x20 && scalar != "\n" && scalar != "\t": text += "\u{FFFD}"
            case "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}", "\u{7F}"..."\u{9F}": text += "\u{FFFD}"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
