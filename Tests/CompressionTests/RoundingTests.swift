import Compression
import Configuration
import Randomness
import Testing
import Vectors

/// Signs, bytes, halves and levels against what is computed one number at a time.
@Suite struct RoundingTests {
    private func trip(_ name: String, _ values: [Float], _ options: [String: OptionValue] = [:]) throws -> [Float] {
        try Samples.compressor(name, options).trip(values, layout: .whole(values.count))
    }

    @Test func signsStandForTheMeanMagnitude() throws {
        let values: [Float] = [1, -2, 0, 4, -0.5, -0, 3, 1.5, -4]
        let mean = values.map(abs).reduce(0, +) / 9
        let numbers = try trip("sign", values)
        #expect(numbers == values.map { $0.sign == .minus ? -mean : mean })
    }

    @Test func bytesAreTheNearest() throws {
        let values: [Float] = [127, -127, 0.4, 0.5, 1.5, 2.5, -2.5, 100.7, -0.6]
        #expect(try trip("int8", values) == [127, -127, 0, 0, 2, 2, -2, 101, -1])
        let many = Samples.normal(10_000)
        let numbers = try trip("int8", many)
        for start in stride(from: 0, to: many.count, by: 4096) {
            let group = start..<min(start + 4096, many.count)
            let scale = (many[group].map(abs).max() ?? 0) / 127
            #expect(group.allSatisfy { abs(many[$0] - numbers[$0]) <= scale * 0.50001 })
        }
    }

    @Test func halvesAreTheNearest() throws {
        var stream = RandomStream(seed: 3, purpose: .test)
        var values = (0..<20_000).map { _ in Float(bitPattern: UInt32(truncatingIfNeeded: stream.next())) }
        values += [0, -0, 65519, 65520, -65520, 6e-8, 2.9e-8, 1 + 0x1p-8, 1 + 0x3p-8, 1 + 0x1p-11, 1 + 0x3p-11]
        let half = try trip("fp16", values)
        let brain = try trip("bf16", values)
        for (index, value) in values.enumerated() {
            if value.isNaN {
                #expect(half[index].isNaN && brain[index].isNaN)
                continue
            }
            let pattern = value.bitPattern
            let upper = pattern & 0xffff_0000
            let rest = pattern & 0xffff
            let isUp = rest > 0x8000 || (rest == 0x8000 && upper & 0x10000 != 0)
            #expect(brain[index].bitPattern == (isUp ? upper + 0x10000 : upper))
            #expect(half[index].bitPattern == Self.nearestHalf(value).bitPattern)
        }
    }

    /// The nearest multiple of the spacing that half-precision numbers have there.
    private static func nearestHalf(_ value: Float) -> Float {
        let value = Double(value)
        let exponent = max(value == 0 ? -14 : Int(value.magnitude.exponent), -14)
        let spacing = Double(sign: .plus, exponent: exponent - 10, significand: 1)
        let rounded = (value / spacing).rounded(.toNearestOrEven) * spacing
        return Float(rounded.magnitude > 65504 ? (rounded < 0 ? -Double.infinity : .infinity) : rounded)
    }

    @Test func levelsAreNextToTheNumberAndRightOnAverage() throws {
        let values = Samples.normal(200)
        for bits in 2...8 {
            let compressor = try Samples.compressor(
                "qsgd", ["bits": .integer(bits), "unbiased": .boolean(true), "bucket": .integer(64)])
            #expect(compressor.keptPart(of: values.span, layout: .whole(200)) == nil)
            let levels = Double((1 << (bits - 1)) - 1)
            var mean = [Double](repeating: 0, count: 200)
            let rounds = 400
            for round in 0..<rounds {
                let numbers = try compressor.trip(values, layout: .whole(200), round: UInt64(round))
                for index in mean.indices { mean[index] += Double(numbers[index]) / Double(rounds) }
                for start in stride(from: 0, to: 200, by: 64) {
                    let group = start..<min(start + 64, 200)
                    let step = square(Array(values[group])).squareRoot() / levels
                    #expect(group.allSatisfy { abs(Double(numbers[$0] - values[$0])) <= step * 1.001 })
                }
            }
            let step = 8 / levels
            #expect(zip(mean, values).allSatisfy { abs($0 - Double($1)) < 5 * step * 0.5 / 20 })
        }
    }

    @Test func bytesAreAsManyAsComputed() throws {
        let count = 100_000
        let values = Samples.normal(count)
        func bytes(_ name: String, _ options: [String: OptionValue] = [:]) throws -> Int {
            try Samples.compressor(name, options).bytes(values, layout: .whole(count)).byteCount
        }
        #expect(try bytes("none") == 4 * count)
        #expect(try bytes("bf16") == 2 * count && bytes("fp16") == 2 * count)
        #expect(try bytes("int8") == count + 4 * 25)
        #expect(try bytes("sign") == count / 8 + 4)
        #expect(try bytes("qsgd") == count / 2 + 4 * 196)
        #expect(try bytes("qsgd", ["bits": .integer(3)]) == count / 8 * 3 + 4 * 196)
        #expect(try bytes("randomk") == 8 + 4 * count / 100)
        let matrix = CompressionLayout(VectorLayout([("m", [400, 250])]))
        #expect(try Samples.compressor("lowrank").bytes(values, layout: matrix).byteCount == 4 * 2 * 650)
    }
}
