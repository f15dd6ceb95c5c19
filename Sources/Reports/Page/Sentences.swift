extension RunRecords {
    /// A setting of the experiment.
    func setting(_ key: String) -> String? { settings.first { $0.key == key }?.value }

    /// What was trained by what, as far as the records tell.
    var description: String {
        guard let algorithm = setting("algorithm.name") else { return label }
        return "\(algorithm), \(setting("model.name") ?? "a model") on \(setting("data.name") ?? "data"), "
            + "\(setting("peers").flatMap { Int($0) }.map { Quantity.count($0, "peer") } ?? "several peers")"
    }
}
