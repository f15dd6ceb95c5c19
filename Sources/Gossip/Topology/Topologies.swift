public import Configuration

/// Every graph there is. A new one adds its file and its line here.
public enum Topologies {
    static let types: [any Topology.Type] = [
        Complete.self,
        Ring.self,
        DirectedRing.self,
        Star.self,
        Chain.self,
        Torus.self,
        Hypercube.self,
        Exponential.self,
        OnePeerExponential.self,
        RandomRegular.self,
        ErdosRenyi.self,
        Custom.self,
    ]

    /// Names, summaries and options, for lists and the schema.
    public static let all: [Description] = types.map { $0.description }
}
