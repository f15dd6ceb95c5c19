package import Vectors

/// A model as it is tested, and who has it.
package struct WholeModel: Sendable {
    /// The number under which records tell of it: the peer's or, where several peers have it together, their slot.
    package let peer: Int
    /// The peers that learned it.
    package let members: [Int]
    /// All its parameters.
    package let model: Payload

    /// The model of these peers.
    package init(peer: Int, members: [Int], model: Payload) {
        self.peer = peer
        self.members = members
        self.model = model
    }
}
