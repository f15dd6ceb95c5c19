import Configuration
import Runtime

/// Experiments that the peers of an open network tell each other.
extension LoadedExperiment {
    /// The experiment that another peer tells, with this peer's own settings on top.
    ///
    /// Throws `LinkError` where it says what is each peer's own to say, and `ExperimentError` where it cannot be read.
    public init(told text: String, by teller: String, overrides: [String], registries: Registries) throws {
        let told = try LoadedExperiment(yaml: text, named: "experiment of \(teller)", registries: registries)
        if let key = told.givenKeys.first(where: { Experiment.isOwn($0) || $0 == "transport.key" }) {
            throw LinkError(
                .otherExperiment, "the experiment that \(teller) tells sets \(key), which is each peer's own",
                remedy: "name a file with -c, and ask who runs that peer")
        }
        try self.init(
            yaml: text, named: "experiment of \(teller)", overrides: overrides, registries: registries)
    }

    /// Throws `LinkError` for the first setting in which this experiment is not the one that another peer tells.
    public func refuseDifference(to text: String, by teller: String, registries: Registries) throws {
        let theirs = try LoadedExperiment(yaml: text, named: "experiment of \(teller)", registries: registries)
        guard let difference = experiment.difference(to: theirs.experiment) else { return }
        throw LinkError(
            .otherExperiment,
            "\(difference.key): \(difference.mine ?? "not there") here, and \(difference.theirs ?? "not there") at "
                + teller,
            remedy: "take the experiment of those who train already; without -c and that setting it is theirs")
    }
}

extension Experiment {
    /// The first shared setting whose value is another one there; nil as a value where the setting is not there.
    func difference(to theirs: Experiment) -> (key: String, mine: String?, theirs: String?)? {
        let (own, others) = (sharedSettings, theirs.sharedSettings)
        func value(_ key: String, _ settings: [(key: String, value: String)]) -> String? {
            settings.first { $0.key == key }?.value
        }
        let keys = own.map(\.key) + others.map(\.key)
        return keys.lazy.map { ($0, value($0, own), value($0, others)) }.first { $0.1 != $0.2 }
    }
}
