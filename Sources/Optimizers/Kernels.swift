// One pass over memory for each step; concrete on Float, because a generic kernel called from another module is not
// specialised. Each loop runs over one span whose count the others are held to, so that the compiler drops the bounds
// checks and vectorises (checked in the machine code: packed multiplications only).

/// Adds the gradient of `coefficient / 2 * |x|^2` at `parameters`: `g <- g + coefficient * x`.
///
/// L2 regularisation in PyTorch's sense of `weight_decay`; whoever takes the gradient calls it with the point where the
/// gradient was taken. Acts on the numbers of `range` only, where one is given.
public func addWeightDecay(
    gradient: inout MutableSpan<Float>, parameters: Span<Float>, coefficient: Float, in range: Range<Int>? = nil
) {
    let count = gradient.count
    requireEqual(count, parameters.count)
    let range = range ?? 0..<count
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "weight decay on \(range) of \(count) numbers")
    for index in range {
        gradient[index] += coefficient * parameters[index]
    }
}

/// `x <- x - rate * g`
func subtract(_ gradient: Span<Float>, scaledBy rate: Float, from model: inout MutableSpan<Float>) {
    let count = model.count
    requireEqual(count, gradient.count)
    for index in 0..<count {
        model[index] -= rate * gradient[index]
    }
}

/// `d <- -rate * g`
func negate(_ gradient: Span<Float>, scaledBy rate: Float, into direction: inout MutableSpan<Float>) {
    let count = direction.count
    requireEqual(count, gradient.count)
    for index in 0..<count {
        direction[index] = -rate * gradient[index]
    }
}

/// `v <- mu * v + g; x <- x - rate * v`
func stepHeavyBall(
    _ model: inout MutableSpan<Float>, _ velocity: inout MutableSpan<Float>, _ gradient: Span<Float>,
    momentum: Float, rate: Float
) {
    let count = model.count
    requireEqual(count, velocity.count)
    requireEqual(count, gradient.count)
    for index in 0..<count {
        let next = momentum * velocity[index] + gradient[index]
        velocity[index] = next
        model[index] -= rate * next
    }
}

/// `v <- mu * v + g; x <- x - rate * (g + mu * v)`
func stepNesterov(
    _ model: inout MutableSpan<Float>, _ velocity: inout MutableSpan<Float>, _ gradient: Span<Float>,
    momentum: Float, rate: Float
) {
    let count = model.count
    requireEqual(count, velocity.count)
    requireEqual(count, gradient.count)
    for index in 0..<count {
        let slope = gradient[index]
        let next = momentum * velocity[index] + slope
        velocity[index] = next
        model[index] -= rate * (slope + momentum * next)
    }
}

/// `v <- mu * v + g; d <- -rate * v`
func directHeavyBall(
    _ direction: inout MutableSpan<Float>, _ velocity: inout MutableSpan<Float>, _ gradient: Span<Float>,
    momentum: Float, rate: Float
) {
    let count = direction.count
    requireEqual(count, velocity.count)
    requireEqual(count, gradient.count)
    for index in 0..<count {
        let next = momentum * velocity[index] + gradient[index]
        velocity[index] = next
        direction[index] = -rate * next
    }
}

/// `v <- mu * v + g; d <- -rate * (g + mu * v)`
func directNesterov(
    _ direction: inout MutableSpan<Float>, _ velocity: inout MutableSpan<Float>, _ gradient: Span<Float>,
    momentum: Float, rate: Float
) {
    let count = direction.count
    requireEqual(count, velocity.count)
    requireEqual(count, gradient.count)
    for index in 0..<count {
        let slope = gradient[index]
        let next = momentum * velocity[index] + slope
        velocity[index] = next
        direction[index] = -rate * (slope + momentum * next)
    }
}

private func requireEqual(_ count: Int, _ other: Int) {
    precondition(count == other, "an optimizer's vectors must be equally long, not \(count) and \(other)")
}
