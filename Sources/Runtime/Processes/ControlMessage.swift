public import Vectors

/// What leads a run on one rank says to another: words, and a vector where they are about one.
public struct ControlMessage: Sendable {
    /// What is said, as bytes that only sender and receiver understand.
    public var words: [UInt8]
    /// The vector that the words are about; nil where they are about none.
    public var payload: Payload?

    /// Words alone unless there is a payload.
    public init(words: [UInt8], payload: Payload? = nil) {
        self.words = words
        self.payload = payload
    }
}
