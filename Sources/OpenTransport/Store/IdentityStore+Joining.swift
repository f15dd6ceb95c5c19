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
            var own = environment
            if number > 1 { own[variable] = "\(usual.folder)/peer-\(number)" }
            let store = try IdentityStore(environment: own)
            if try IdentityLock(store) != nil { return (store, own) }
        }
        throw IdentityError(
            .unfit, usual.folder, "has \(mostPeers) peers, and all are at work",
            remedy: "end one of them, or set \(variable) to another folder")
    }
}
