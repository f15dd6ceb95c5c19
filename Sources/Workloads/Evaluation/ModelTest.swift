import Runtime
package import Vectors

/// Says how well a model does.
package protocol ModelTest: Sendable {
    func score(_ model: Payload) -> Score
}
