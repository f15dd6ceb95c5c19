/// A text as a message repeats it: whole where it is short, else its beginning and how long it is.
public func excerpt(_ text: String, atMost byteCount: Int = 200) -> String {
    guard text.utf8.count > byteCount else { return text }
    return "\(text.prefix(byteCount / 2))... (\(text.utf8.count) bytes)"
}
