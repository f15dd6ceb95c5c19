import Gossip

extension [Term] {
    /// By how much a vector counts in the sum, where terms are differences to others, too.
    func weight(of vector: Vector) -> Double {
        reduce(0) { sum, term in
            sum + (term.vector == vector ? term.weight : 0) - (term.origin == vector ? term.weight : 0)
        }
    }
}
