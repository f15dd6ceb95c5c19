/// What an executable does at every step, fixed once: the instructions in order, and where each buffer lies.
///
/// `@unchecked Sendable` holds because what instructions capture are constants, but for the primitives, which have a
/// single user (see `Primitive`).
struct Plan: @unchecked Sendable {
    let instructions: [Instruction]
    /// The offset of each buffer in the arena, in bytes; none for the fixed buffers.
    let offsets: [Int?]
    let arenaBytes: Int
    /// Where the last layer's output lies, such as the logits: (batch, classes). It outlives the step.
    let output: BufferSlice

    /// Puts the buffers into an arena by the instructions' uses of them.
    init(instructions: [Instruction], bufferBytes: [Int], output: BufferSlice) {
        var uses = [ClosedRange<Int>?](repeating: nil, count: bufferBytes.count)
        for (index, instruction) in instructions.enumerated() {
            for buffer in instruction.buffers {
                uses[buffer.index] = (uses[buffer.index]?.lowerBound ?? index)...index
            }
        }
        uses[output.buffer.index] = 0...instructions.count
        let used = uses.indices.filter { $0 >= Buffer.fixedCount && uses[$0] != nil }
        let lifetimes = used.map { index in
            let range = uses[index] ?? 0...0
            return Arena.Lifetime(bytes: bufferBytes[index], first: range.lowerBound, last: range.upperBound)
        }
        let (places, bytes) = Arena.place(lifetimes)
        var offsets = [Int?](repeating: nil, count: bufferBytes.count)
        for (index, offset) in zip(used, places) {
            offsets[index] = offset
        }
        self.instructions = instructions
        self.offsets = offsets
        self.arenaBytes = bytes
        self.output = output
    }
}
