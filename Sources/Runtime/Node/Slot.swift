import Gossip

/// Where a node's vectors lie in its store.
enum Slot {
    static let model = 0
    static let gradient = 1
    static let named = 2
    static let namedLimit = 30
    static let capacity = named + namedLimit
}
