/// Numbers from a name, the same as `Draw` of `script/make-fixtures.py` gives: number i is SplitMix64's output for the
/// state seed + (i + 1) * gamma, the seed being the 64-bit FNV-1a hash of the name.
enum Draw {
    static func words(_ name: String, _ count: Int) -> [UInt64] {
        var state = name.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
        return (0..<count).map { _ in
            state &+= 0x9e37_79b9_7f4a_7c15
            var z = state
            z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
            z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
            return z ^ (z >> 31)
        }
    }

    /// Uniform in [-1, 1): the upper 24 bits divided by 2^23 less 1.
    static func numbers(_ name: String, _ count: Int) -> [Float] {
        words(name, count).map { Float($0 >> 40) / Float(1 << 23) - 1 }
    }

    /// A parameter of that name and shape; matrices and kernels times the gain.
    static func weight(_ name: String, _ shape: [Int], seed: Int, gain: Float, blockEnd: String?) -> [Float] {
        let numbers = numbers("\(seed):\(name)", shape.reduce(1, *))
        guard shape.count == 1 else {
            let factor = Float(1 / Double(shape.dropFirst().reduce(1, *)).squareRoot())
            return numbers.map { $0 * factor * gain }
        }
        let scale: Float = if let blockEnd, name.hasSuffix(".\(blockEnd).weight") { 0.25 } else { 1 }
        return numbers.map { ((name.hasSuffix(".weight") ? 1 : 0) + $0 * 0.25) * scale }
    }
}
