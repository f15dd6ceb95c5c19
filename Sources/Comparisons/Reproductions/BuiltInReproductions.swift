import CAssets

/// The reproductions that are in the program: those of the folder `Experiments`.
public enum BuiltInReproductions {
    /// Their names, in the order of lists.
    public static let names: [String] = (0..<cassets_experiment_count()).map {
        String(cString: cassets_experiment_name($0))
    }

    /// The file of a reproduction; nil for an unknown name.
    public static func text(_ name: String) -> String? {
        names.firstIndex(of: name).map { String(cString: cassets_experiment_text(Int32($0))) }
    }
}
