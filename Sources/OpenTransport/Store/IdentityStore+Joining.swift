import Glibc

extension IdentityStore {
    /// The variable of the environment that names the folder itself.
    private static let variable = "MURMUR_HOME"
    private static let mostPeers = 64

    /// The store for one more peer of this user, and the environment in which that is the user's: the usual one, or,
    /// where a process is at work with that one's key, the first of those within it that is free.
    public static func joining(
        _ environment: [String: String]
    ) throws(IdentityError) -> (store: IdentityStore, environment: [String: String]) {
        let usual = try IdentityStore(environment: environment)
        for number in 1...mostPeers {
            let own = usual.environment(ofPeer: number, environment)
            let store = try IdentityStore(environment: own)
            if try IdentityLock(store) != nil { return (store, own) }
        }
        throw IdentityError(
            .unfit, usual.folder, "has \(mostPeers) peers, and all are at work",
            remedy: "end one of them, or set \(variable) to another folder")
    }

    /// The user's usual store, there or not, and those of further peers that have a key; none where nothing says where
    /// they would lie.
    static func present(_ environment: [String: String]) -> [IdentityStore] {
        guard let usual = try? IdentityStore(environment: environment) else { return [] }
        let others = (2...mostPeers).compactMap { number in
            try? IdentityStore(environment: usual.environment(ofPeer: number, environment))
        }
        return [usual] + others.filter { access($0.keyPath, F_OK) == 0 }
    }

    /// The environment in which a further peer's store is the user's; the first one's is the usual one.
    private func environment(ofPeer number: Int, _ environment: [String: String]) -> [String: String] {
        number == 1
            ? environment : environment.merging([Self.variable: "\(folder)/peer-\(number)"]) { _, own in own }
    }
}
