import Synchronization

/// The algorithms from outside that were made known in this process, by their names.
enum ForeignDefinitions {
    private static let known = Mutex<[String: ForeignDefinition]>([:])

    /// Makes one known; in the place of another one of its name, if there was one.
    static func register(_ definition: ForeignDefinition) { known.withLock { $0[definition.name] = definition } }

    /// The one of that name; nil where there is none.
    static func named(_ name: String) -> ForeignDefinition? { known.withLock { $0[name] } }

    static var names: [String] { known.withLock { $0.keys.sorted() } }
}
