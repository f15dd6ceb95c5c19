import CMurmur
import Configuration
import Gossip
import Graphs

/// An algorithm from outside: what is known of it, and the functions that are it.
///
/// `@unchecked Sendable` holds because nothing of it changes, and the caller has promised that its functions may be
/// called on whatever thread a peer has.
final class ForeignDefinition: @unchecked Sendable {
    let name: String
    let traits: Traits
    let functions: murmur_algorithm

    /// Throws for a name that cannot be, and for functions that are not there.
    init(_ given: murmur_algorithm) throws(ConfigurationError) {
        let name = given.name.map { String(cString: $0) } ?? ""
        let isName = name.allSatisfy { ("a"..."z").contains($0) || ("0"..."9").contains($0) || $0 == "-" }
        guard isName, !name.isEmpty, name.utf8.count <= 64 else {
            throw ConfigurationError(
                key: "name", "'\(excerpt(name))' is no name of an algorithm; take letters a to z, digits and '-'")
        }
        guard !(Algorithms.all + Algorithms.aliases).contains(where: { $0.name == name }) else {
            throw ConfigurationError(
                key: "name", "\(name) is one of the library's own algorithms; take another name, such as my-\(name)")
        }
        guard given.make != nil, given.copy != nil, given.release != nil, given.handle != nil, given.save != nil,
            given.restore != nil
        else { throw ConfigurationError(key: name, "a function is missing; give all six of them") }
        self.name = name
        functions = given
        var traits = Traits(
            faultTolerance: FaultTolerance(rawValue: UInt8(truncatingIfNeeded: given.lives_through)),
            needs: Self.needs(given.needs), servers: Int(min(given.servers, 64)), isLockStep: given.is_lock_step != 0,
            keepsStepWithNeighbours: given.keeps_step_with_neighbours != 0,
            bringsMomentum: given.brings_momentum != 0, readsGradient: given.reads_gradient != 0,
            needsScores: given.needs_scores != 0, graphUse: Self.graphUse(given.graph_use), isOpen: given.is_open != 0)
        traits.scoresByLoss = given.scores_loss != 0
        self.traits = traits
    }

    private static func needs(_ word: UInt32) -> [MixingProperty] {
        let properties: [(bit: UInt32, property: MixingProperty)] = [
            (1, .rowStochastic), (2, .columnStochastic), (4, .doublyStochastic), (8, .symmetric), (16, .connected),
            (32, .bipartite), (64, .positiveDiagonal), (128, .constant),
        ]
        return properties.filter { word & $0.bit != 0 }.map(\.property)
    }

    private static func graphUse(_ word: UInt32) -> GraphUse {
        switch word {
        case 0: .none
        case 1: .edges
        default: .weights
        }
    }
}
