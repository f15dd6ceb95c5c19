import CMurmur

/// The caller's side of a simulation in tests: models of a few numbers, each drawn to a point of its own by an
/// optimizer with momentum. Two tensors, `weight` of 2 x 2 and `bias` of 3.
final class CallerModels {
    static let counts = [4, 3]
    static let count = 7

    /// What a test lets happen within the caller's function `gradient`.
    var inGradient: (UInt32) -> Int32 = { _ in 0 }
    private(set) var gradientsTaken = 0
    private(set) var blocks: [UnsafeMutablePointer<Float>]
    private var momenta: [[Float]]
    private var gradients: [[Float]]
    private var saved: [UInt8] = []
    static let rate: Float = 0.05
    static let momentum: Float = 0.9

    init(peers: Int) {
        blocks = (0..<peers).map { peer in
            let block = UnsafeMutablePointer<Float>.allocate(capacity: Self.count)
            for index in 0..<Self.count { block[index] = Float(peer) + 0.25 * Float(index) }
            return block
        }
        momenta = Array(repeating: Array(repeating: 0, count: Self.count), count: peers)
        gradients = momenta
    }

    deinit { for block in blocks { block.deallocate() } }

    func values(_ peer: Int) -> [Float] { (0..<Self.count).map { blocks[peer][$0] } }

    /// The functions of this, which must stay as long as they are called.
    var learning: murmur_learning {
        var learning = murmur_learning()
        learning.size = UInt32(MemoryLayout<murmur_learning>.size)
        learning.context = Unmanaged.passUnretained(self).toOpaque()
        learning.gradient = { CallerModels.of($0).gradient($1, $2, $3) }
        learning.step = { CallerModels.of($0).step($1, $2) }
        learning.score = { context, peer, _, score in
            score?.pointee = -Double(CallerModels.of(context).values(Int(peer)).reduce(0) { $0 + $1 * $1 })
            return 0
        }
        learning.save = { CallerModels.of($0).save($1, $2, $3) }
        learning.restore = { CallerModels.of($0).restore($1, $2, $3) }
        return learning
    }

    private static func of(_ context: UnsafeMutableRawPointer?) -> CallerModels {
        guard let context else { preconditionFailure("a function was called without its context") }
        return Unmanaged<CallerModels>.fromOpaque(context).takeUnretainedValue()
    }

    private func gradient(
        _ peer: UInt32, _ into: UnsafeMutablePointer<Float>?, _ batch: UnsafeMutablePointer<murmur_batch>?
    ) -> Int32 {
        gradientsTaken += 1
        let number = Int(peer)
        var loss: Float = 0
        for index in 0..<Self.count {
            let away = blocks[number][index] - Float(3 * number - index)
            loss += away * away / 2
            gradients[number][index] = away
            into?[index] = away
        }
        batch?.pointee = murmur_batch(loss: loss, samples: 8, learning_rate: Self.rate, reserved: 0)
        return inGradient(peer)
    }

    private func step(_ peer: UInt32, _ along: UnsafePointer<Float>?) -> Int32 {
        let number = Int(peer)
        for index in 0..<Self.count {
            let gradient = along?[index] ?? gradients[number][index]
            momenta[number][index] = Self.momentum * momenta[number][index] + gradient
            blocks[number][index] -= Self.rate * momenta[number][index]
        }
        return 0
    }

    private func save(
        _ peer: UInt32, _ bytes: UnsafeMutablePointer<UnsafePointer<UInt8>?>?, _ count: UnsafeMutablePointer<UInt64>?
    ) -> Int32 {
        saved = (momenta[Int(peer)] + gradients[Int(peer)]).flatMap { number in
            (0..<4).map { UInt8(truncatingIfNeeded: number.bitPattern >> (8 * $0)) }
        }
        count?.pointee = UInt64(saved.count)
        // Stays until the next call, as is asked: the array is kept, and nothing else touches it.
        saved.withUnsafeBufferPointer { bytes?.pointee = $0.baseAddress }
        return 0
    }

    private func restore(_ peer: UInt32, _ bytes: UnsafePointer<UInt8>?, _ count: UInt64) -> Int32 {
        guard let bytes, count == 8 * UInt64(Self.count) else { return 1 }
        let numbers = (0..<(2 * Self.count)).map { place in
            Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[4 * place + $1]) << UInt32(8 * $1) })
        }
        momenta[Int(peer)] = Array(numbers[..<Self.count])
        gradients[Int(peer)] = Array(numbers[Self.count...])
        return 0
    }
}
