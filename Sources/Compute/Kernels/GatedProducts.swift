internal import CKernels

/// The gradients of a dense layer's weights and input, without the products with gradients that its ReLU has stopped.
///
/// Worth it with AVX-512, where it runs at most of the rate of oneDNN's dense product on about half of the products.
struct GatedProducts: Instruction {
    let shape: kernel_gated
    let input: Place
    let weights: Place
    /// Before the ReLU.
    let gradient: Place
    let weightsGradient: Place
    /// None where no parameters lie ahead.
    let inputGradient: Place?
    let scratch: Place
    let threads: Int

    var buffers: [Buffer] {
        [input, weights, gradient, weightsGradient, scratch].map(\.buffer) + (inputGradient.map { [$0.buffer] } ?? [])
    }

    func run(in memory: borrowing Memory, _ state: inout RunState) {
        withUnsafePointer(to: shape) {
            kernel_gated_backward(
                $0, memory.floats(input), memory.floats(weights), memory.floats(gradient),
                memory.floats(weightsGradient), inputGradient.map { memory.floats($0) }, memory.floats(scratch),
                Int32(threads))
        }
    }
}
