#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The curves of activations in plain arithmetic.
enum ReferenceCurve {
    static func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
    static func logSigmoid(_ x: Double) -> Double { log(sigmoid(x)) }
    static func tanh(_ x: Double) -> Double { (exp(x) - exp(-x)) / (exp(x) + exp(-x)) }
}
