import Graphs

/// Properties by name, as tests ask for them.
extension MixingMatrix {
    var isRowStochastic: Bool { has(.rowStochastic) }
    var isColumnStochastic: Bool { has(.columnStochastic) }
    var hasPositiveDiagonal: Bool { has(.positiveDiagonal) }
    var isConstant: Bool { has(.constant) }
}
