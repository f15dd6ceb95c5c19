import Foundation

/// What is wrong with the bytes of a file.
struct Malformed: Error, Hashable {
    let reason: String

    init(_ reason: String) {
        self.reason = reason
    }
}
