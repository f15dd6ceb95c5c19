/// What D2 and exact diffusion have in common: mixing after a local step, with a memory of what mixing did to the model
/// the round before. They differ in the matrix.
///
/// With u the optimizer's step and c zero at first, the row's weights mix `x + u + c`:
///
///     x_new <- sum over the row of weight (x_j + u_j + c_j),  c <- x_new - x - u
///
/// The sum of the c over all peers stays zero. The u of the round before is kept as it was taken, so a learning rate
/// that changes is no trouble. Whatever the sum of the c becomes by rounding moves all models in every step, which is
/// an offset of it over eta in the end; so c is not computed as a difference of models, but by what the neighbours are
/// apart:
///
///     z <- x + u + c,  c <- c + sum over the row of weight (z_j - z),  x_new <- x + u + c
protocol CorrectedDiffusion: SynchronousRounds {}

private let stepped = Vector.named(0)
private let correction = Vector.named(1)
private let corrected = Vector.named(2)

extension CorrectedDiffusion {
    static var loss: String { "its correction with it, which the others' must balance" }

    var sent: [Vector] { [corrected] }

    mutating func adapt(_ effects: inout Effects) {
        effects.direction(at: .model, along: .gradient, into: stepped)
        effects.combine(into: stepped, Term(1, .model), Term(1, stepped))
        effects.combine(into: corrected, Term(1, stepped), Term(1, correction))
    }

    mutating func combine(_ effects: inout Effects) {
        mix(into: correction, onto: Term(1, correction), effects: &effects)
        effects.combine(into: .model, Term(1, stepped), Term(1, correction))
    }
}
