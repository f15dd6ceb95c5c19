import Gossip
package import Runtime

/// A peer at rest.
package struct SavedPeer: Sendable {
    package let words: PeerState
    package let numbers: StateDict

    package init(words: PeerState, numbers: StateDict) {
        self.words = words
        self.numbers = numbers
    }
}
