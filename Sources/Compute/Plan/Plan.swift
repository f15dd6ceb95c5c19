/// What an executable does at every step, fixed once: the instructions in order, and where each buffer lies.
///
/// `@unchecked Sendable` holds because what instructions capture are constants, but for the primitives, which have a
/// single user (see `Primitive`).
struct Plan: @unchecked Sendable {
    let instructions: [Instruction]
    /// The offset of each buffer in the arena, in bytes; none for the fixed buffers.
    let offsets: [Int?]
    let arenaBytes: Int
    /// Where the logits lie: (batch, classes). They outlive the step.
    let logits: BufferSlice

    /// Puts the buffers into an arena by the instructions' uses of them.
    init(instructions: [Instruction], bufferBytes: [Int], logits: BufferSlice) {
        var uses = [ClosedRange<Int>?](repeating: nil, count: bufferBytes.count)
        for (index, instruction) in instructions.enumerated() {
            for buffer in instruction.buffers {
                uses[buffer.index] = (uses[buffer.index]?.lowerBound ?? index)...index
            }
        }
        uses[logits.buffer.index] = 0...instructions.count
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
        self.logits = logits
    }
}
