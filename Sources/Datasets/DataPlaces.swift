/// Where data sets are looked for.
///
/// The environment is passed in as values: nothing here asks the process for its environment.
public struct DataPlaces: Sendable, Hashable {
    /// The value of `MURMUR_DATA`: a folder that has a folder for each data set.
    public var collection: String?
    /// The user's home folder.
    public var home: String?
    /// Where the system's packages put data sets.
    public var system: String

    /// A nil folder is not looked into.
    public init(collection: String?, home: String?, system: String = "/usr/share/datasets") {
        self.collection = collection
        self.home = home
        self.system = system
    }

    /// The places of a process with this environment, of which `MURMUR_DATA` and `HOME` are read.
    public init(environment: [String: String]) {
        func given(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        self.init(collection: given("MURMUR_DATA"), home: given("HOME"))
    }

    /// The folders that may hold a data set, the first choice first. A `path` that is given is the only place.
    public func folders(for name: String, path: String?) -> [String] {
        if let path { return [expanded(path)] }
        return [
            collection.map { "\(expanded($0))/\(name)" }, homeFolder(for: name),
            "\(system)/\(name)",
        ].compactMap { $0 }
    }

    /// The folder of a data set in the user's home; nil without a home.
    public func homeFolder(for name: String) -> String? { home.map { "\($0)/.cache/murmur/\(name)" } }

    /// `~` is the home folder also where no shell has seen to it.
    private func expanded(_ path: String) -> String {
        guard let home, path == "~" || path.hasPrefix("~/") else { return path }
        return home + path.dropFirst()
    }
}
