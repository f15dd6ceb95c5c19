extension Code {
    /// Walks a file once and copies what is code, leaving blanks for the rest.
    struct Reader {
        let source: [UInt8]
        let isSwift: Bool
        private(set) var output: [UInt8]
        private var index = 0

        init(source: [UInt8], isSwift: Bool) {
            self.source = source
            self.isSwift = isSwift
            output = source
        }

        /// Reads to the end of the file, or to the parenthesis that closes the interpolation.
        mutating func readCode(isInterpolation: Bool) {
            var depth = 1
            while index < source.count {
                if starts(with: "//") {
                    while index < source.count, source[index] != UInt8(ascii: "\n") { blank() }
                } else if starts(with: "/*") {
                    readBlockComment()
                } else if let hashes = hashesOfString() {
                    readString(hashes: hashes)
                } else if !isSwift, source[index] == UInt8(ascii: "'") {
                    readCharacter()
                } else {
                    if source[index] == UInt8(ascii: "(") { depth += 1 }
                    if source[index] == UInt8(ascii: ")") { depth -= 1 }
                    if isInterpolation, depth == 0 {
                        blank()
                        return
                    }
                    index += 1
                }
            }
        }

        /// How many hashes stand before the quote that opens a string here; nil when none opens.
        private func hashesOfString() -> Int? {
            var end = index
            while isSwift, end < source.count, source[end] == UInt8(ascii: "#") { end += 1 }
            return end < source.count && source[end] == UInt8(ascii: "\"") ? end - index : nil
        }

        private mutating func readString(hashes: Int) {
            let fence = String(repeating: "#", count: hashes)
            let isLong = isSwift && starts(with: fence + "\"\"\"")
            let close = (isLong ? "\"\"\"" : "\"") + fence
            blank(close.utf8.count)
            while index < source.count {
                if starts(with: close) { return blank(close.utf8.count) }
                if !isLong, source[index] == UInt8(ascii: "\n") { return }
                if isSwift, starts(with: "\\\(fence)(") {
                    blank(hashes + 2)
                    readCode(isInterpolation: true)
                } else if starts(with: "\\" + fence) {
                    blank(hashes + 2)
                } else {
                    blank()
                }
            }
        }

        /// A character of C, such as a brace in quotes.
        private mutating func readCharacter() {
            blank()
            while index < source.count, source[index] != UInt8(ascii: "\n") {
                if source[index] == UInt8(ascii: "'") { return blank() }
                blank(source[index] == UInt8(ascii: "\\") ? 2 : 1)
            }
        }

        /// Block comments nest in Swift and do not in C.
        private mutating func readBlockComment() {
            var depth = 0
            while index < source.count {
                if starts(with: "/*"), isSwift || depth == 0 {
                    depth += 1
                    blank(2)
                } else if starts(with: "*/") {
                    depth -= 1
                    blank(2)
                    if depth == 0 { return }
                } else {
                    blank()
                }
            }
        }

        private func starts(with words: String) -> Bool {
            guard index < source.count, source[index] == words.utf8.first else { return false }
            return source[index...].starts(with: words.utf8)
        }

        private mutating func blank(_ count: Int = 1) {
            for place in index..<min(index + count, source.count) where source[place] != UInt8(ascii: "\n") {
                output[place] = UInt8(ascii: " ")
            }
            index = min(index + count, source.count)
        }
    }
}
