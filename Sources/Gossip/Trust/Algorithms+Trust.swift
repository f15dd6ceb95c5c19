public import Configuration

extension Algorithms {
    /// The key by which peers judge the models that their neighbours send, where the options set one.
    public static func judgement(_ options: Options) -> String? {
        if let rule = try? options.value(AggregationRules.option), rule.name != "mean" {
            return AggregationRules.option.description.name
        }
        let trust = try? TrustSettings.chosen(options)
        return trust == nil ? nil : TrustSettings.option.description.name
    }

    /// Why an algorithm cannot have a key that others have, and what to do; nil where there is no more to say than that
    /// it knows no such key.
    public static func refusal(of key: String, by name: String) -> String? {
        guard key == TrustSettings.option.description.name, let type = type(name),
            !type.description.options.contains(where: { $0.name == key })
        else { return nil }
        let judges = types.map { $0.description }.filter { description in
            description.options.contains { $0.name == key }
        }
        let others = "choose one of " + judges.map(\.name).joined(separator: ", ") + ", or leave trust out"
        if [GoSGD.description.name, GRSGD.description.name, SGP.description.name, OverlapSGP.description.name].contains(
            type.description.name)
        {
            return "\(name) hands out shares of a mass that must add up, whoever is trusted; " + others
        }
        if type.traits.graphUse == .none {
            return "\(name) has no neighbours that a peer could trust more or less; " + others
        }
        return "\(name) needs the weights that its graph gives it, whoever is trusted; " + others
    }
}
