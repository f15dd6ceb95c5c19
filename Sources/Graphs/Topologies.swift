public import Configuration

/// Every graph there is. A new one adds its file and its line here.
public enum Topologies {
    private static let types: [any Topology.Type] = [
        Complete.self,
        Ring.self,
        DirectedRing.self,
        Star.self,
        Chain.self,
        BinaryTree.self,
        DoubleBinaryTree.self,
        Torus.self,
        Hypercube.self,
        Exponential.self,
        OnePeerExponential.self,
        BaseK.self,
        Bipartite.self,
        Dumbbell.self,
        House.self,
        SmallWorld.self,
        RandomRegular.self,
        ErdosRenyi.self,
        Periodic.self,
        Custom.self,
    ]

    static let registry = Registry("topology", types.map { RegistryEntry($0.description, make: $0) })

    /// Names, summaries and options, for lists and the schema.
    public static let all: [Description] = registry.descriptions
}
