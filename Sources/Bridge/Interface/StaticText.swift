import Glibc

/// A text that C reads for as long as the process lives.
///
/// `@unchecked Sendable` holds because nobody writes what it points to.
struct StaticText: @unchecked Sendable {
    let pointer: UnsafePointer<CChar>?

    init(_ text: String) { pointer = UnsafePointer(strdup(text)) }
}
