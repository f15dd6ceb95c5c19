public import Vectors

/// What leads a run on one rank says to another: words, and a vector where they are about one.
public struct ControlMessage: Sendable {
    public var words: [UInt8]
    public var payload: Payload?

    public init(words: [UInt8], payload: Payload? = nil) {
        self.words = words
        self.payload = payload
    }
}
