import Gossip
import Graphs
import Randomness
import Runtime
import Testing
import Vectors

@testable import Wire

@Suite struct FrameTests {
    private let golden: [UInt8] = bytes(
        "4d55524d 0200 0200 03000000 01000000 06000000 04000000 0500000000000000 0700000000000000 0900000000000000"
            + "000000000000d03f 02000000 02000000 0000803f 000020c0 9ce043ef")
    private let goldenAcknowledgement: [UInt8] = bytes(
        "4d55524d 0200 0300 02010000 03000100 01000000 01020304 0807060504030201 0000000000000000 0000000000000000"
            + "0000000000000000 00000000 00000000 3044052b")

    /// Put together by Python's `struct` and `zlib`, field by field.
    @Test func bytesAreThoseOfTheFormat() throws {
        let message = Frame(
            from: 3, to: 1, incarnations: Frame.Incarnations(from: 6, to: 4),
            content: .message(
                sequence: 5, id: MessageID(rawValue: 7), metadata: Metadata(round: 9, tag: 2, weight: 0.25),
                payload: Payload([1, -2.5])))
        #expect(message.encoded() == golden)
        #expect(Image(try Frame(encoded: golden)) == Image(message))
        let acknowledgement = Frame(
            from: 258, to: 65539, incarnations: Frame.Incarnations(from: 1, to: 0x0403_0201),
            content: .acknowledgement(through: 0x0102_0304_0506_0708))
        #expect(acknowledgement.encoded() == goldenAcknowledgement)
        #expect(Image(try Frame(encoded: goldenAcknowledgement)) == Image(acknowledgement))
    }

    /// A part of an average has a kind of its own, and nothing where a message has its number and its note.
    @Test func aPartIsAKindOfItsOwn() {
        let part = Frame(from: 3, to: 1, content: .part(sequence: 5, payload: Payload([1, -2.5]))).encoded()
        #expect(part[6] == 4 && part[7] == 0 && part[24] == 5)
        #expect(part[32..<60].allSatisfy { $0 == 0 } && part[60] == 2)
        #expect(part[64..<72].elementsEqual(golden[64..<72]))
    }

    /// What a link has compressed has a kind of its own, and travels as any other numbers do.
    @Test func aPackedPayloadIsAKindOfItsOwn() throws {
        let content = Frame.Content.message(
            sequence: 5, id: MessageID(rawValue: 7), metadata: Metadata(round: 9, tag: 2, weight: 0.25),
            payload: Payload([1, -2.5], isPacked: true))
        let frame = Frame(from: 3, to: 1, incarnations: Frame.Incarnations(from: 6, to: 4), content: content)
        let bytes = frame.encoded()
        #expect(bytes[6] == 5 && bytes[8..<(bytes.count - 4)] == golden[8..<(golden.count - 4)])
        let back = try Frame(encoded: bytes)
        #expect(back.payload?.isPacked == true && back.payload?.array() == [1, -2.5] && back.encoded() == bytes)
        #expect(try Frame(encoded: golden).payload?.isPacked == false)
    }

    @Test func everyFrameComesBackAsItWas() throws {
        let pool = PayloadPool()
        for seed in 1...500 {
            var random = RandomStream(seed: UInt64(seed), purpose: .test)
            let frame = drawn(&random)
            let bytes = frame.encoded()
            #expect(bytes.count == frame.encodedByteCount)
            let back = try Frame(encoded: bytes, pool: pool)
            #expect(Image(back) == Image(frame), "seed \(seed)")
            #expect(back.encoded() == bytes, "seed \(seed)")
        }
    }

    @Test(arguments: [
        Metadata(), Metadata(round: .max, tag: .max, weight: -0.0), Metadata(weight: .nan), Metadata(weight: .infinity),
        Metadata(round: 1 << 63, tag: 1 << 31, weight: .leastNonzeroMagnitude),
    ])
    func notesComeBackToTheBit(_ metadata: Metadata) throws {
        let odd: [Float] = [.nan, -.nan, .infinity, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude]
        for payload in [nil, Payload([]), Payload(odd)] {
            let frame = Frame(
                from: 0, to: PeerID(Int(UInt32.max)), incarnations: Frame.Incarnations(from: .max, to: .max),
                content: .message(sequence: .max, id: MessageID(rawValue: .max), metadata: metadata, payload: payload))
            #expect(Image(try Frame(encoded: frame.encoded())) == Image(frame))
        }
    }

    /// A corrupted frame comes to nothing, or is what it was where two flips undo each other.
    @Test func aCorruptedFrameIsFoundOrWhole() throws {
        var lost = 0
        for seed in 1...500 {
            var random = RandomStream(seed: UInt64(seed), purpose: .test)
            let frame = drawn(&random)
            guard let arrived = frame.corrupted(&random) else {
                lost += 1
                continue
            }
            #expect(Image(arrived) == Image(frame), "seed \(seed)")
        }
        #expect(lost > 490)
    }

    @Test func everyFlippedBitIsFound() {
        for frame in smallFrames() {
            let bytes = frame.encoded()
            for bit in 0..<(bytes.count * 8) {
                var damaged = bytes
                damaged[bit / 8] ^= 1 << UInt8(bit % 8)
                #expect(throws: WireError.self, "bit \(bit)") { try Frame(encoded: damaged) }
            }
        }
    }

    @Test func anyTwoFlippedBitsAreFound() {
        for seed in 1...2_000 {
            var random = RandomStream(seed: UInt64(seed), purpose: .test, round: 2)
            var bytes = golden
            for bit in [random.integer(below: golden.count * 8), random.integer(below: golden.count * 8)] {
                bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            }
            guard bytes != golden else { continue }
            #expect(throws: WireError.self, "seed \(seed)") { try Frame(encoded: bytes) }
        }
    }

    @Test func everyTruncationIsFound() {
        for frame in smallFrames() {
            let bytes = frame.encoded()
            for count in 0..<bytes.count {
                let needed = count < 68 ? 68 : bytes.count
                #expect(throws: WireError.truncated(byteCount: count, needed: needed)) {
                    try Frame(encoded: Array(bytes.prefix(count)))
                }
            }
            #expect(throws: WireError.surplus(byteCount: bytes.count + 1, needed: bytes.count)) {
                try Frame(encoded: bytes + [0])
            }
        }
    }

    @Test func whatIsWrongIsSaid() {
        expect("the frame breaks off after 0 bytes of at least 68", of: [])
        expect("the frame breaks off after 75 bytes of at least 76", of: Array(golden.dropLast()))
        expect("the frame has 77 bytes where its header announces 76", of: golden + [0])
        expect("the bytes are no frame: they begin with 0x4d52554c, not 0x4d52554d", of: changed(golden, 0, to: 0x4c))
        expect("the frame is in version 1 of the format, and this build reads version 2", of: changed(golden, 4, to: 1))
        expect(
            "the frame was damaged under way: its checksum is 0x\(hexadecimal(sealed(changed(golden, 68, to: 1)))), "
                + "not the announced 0xef43e09c", of: changed(golden, 68, to: 1))
        expect("a frame of the unknown kind 6", of: resealed(changed(golden, 6, to: 6)))
        expect("a frame of the unknown kind 0", of: resealed(changed(golden, 6, to: 0)))
        expect(
            "a frame of kind 3 carries no numbers, and this one announces 2", of: resealed(changed(golden, 6, to: 3)))
        expect(
            "a frame of kind 1 carries no numbers, and this one announces 2", of: resealed(changed(golden, 6, to: 1)))
    }

    private func smallFrames() -> [Frame] {
        let metadata = Metadata(round: 3, tag: 1, weight: 0.5)
        return [nil, Payload([]), Payload([0]), Payload([1, 2, 3])].map {
            Frame(
                from: 1, to: 2, incarnations: Frame.Incarnations(from: 0, to: 3),
                content: .message(sequence: 9, id: MessageID(rawValue: 4), metadata: metadata, payload: $0))
        } + [
            Frame(from: 0, to: 0, content: .acknowledgement(through: 0)),
            Frame(from: 1, to: 2, content: .part(sequence: 9, payload: Payload([1, 2]))),
        ]
    }

    private func drawn(_ random: inout RandomStream) -> Frame {
        let from = PeerID(random.integer(below: 1 << 32))
        let to = PeerID(random.integer(below: 10))
        let incarnations = Frame.Incarnations(
            from: UInt32(truncatingIfNeeded: random.next()), to: UInt32(random.integer(below: 3)))
        if random.bernoulli(0.2) {
            return Frame(
                from: from, to: to, incarnations: incarnations, content: .acknowledgement(through: random.next()))
        }
        // Any 64 bits are a weight, and any 32 a number.
        let metadata = Metadata(
            round: random.next(), tag: UInt32(truncatingIfNeeded: random.next()),
            weight: Double(bitPattern: random.next()))
        let count = random.bernoulli(0.2) ? 0 : random.integer(below: 40)
        let numbers = (0..<count).map { _ in Float(bitPattern: UInt32(truncatingIfNeeded: random.next())) }
        if random.bernoulli(0.2) {
            return Frame(
                from: from, to: to, incarnations: incarnations,
                content: .part(sequence: random.next(), payload: Payload(numbers)))
        }
        let payload = random.bernoulli(0.3) ? nil : Payload(numbers)
        return Frame(
            from: from, to: to, incarnations: incarnations,
            content: .message(
                sequence: random.next(), id: MessageID(rawValue: random.next()), metadata: metadata, payload: payload))
    }

    private func expect(_ sentence: String, of bytes: [UInt8]) {
        do throws(WireError) {
            _ = try Frame(encoded: bytes)
            Issue.record("no error where this was expected: \(sentence)")
        } catch {
            #expect(error.description == sentence)
        }
    }

    private func changed(_ bytes: [UInt8], _ place: Int, to byte: UInt8) -> [UInt8] {
        var bytes = bytes
        bytes[place] = byte
        return bytes
    }

    /// The checksum that the bytes ought to have.
    private func sealed(_ bytes: [UInt8]) -> UInt32 { Frame.checksum(of: bytes) }

    private func resealed(_ bytes: [UInt8]) -> [UInt8] {
        let checksum = sealed(bytes)
        return bytes.dropLast(4) + (0..<4).map { UInt8(truncatingIfNeeded: checksum >> (8 * UInt32($0))) }
    }

    private func hexadecimal(_ word: UInt32) -> String {
        let digits = String(word, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}

/// A frame to the bit, so that not-a-number equals itself.
private struct Image: Equatable {
    let head: [UInt64]
    let numbers: [UInt32]?

    init(_ frame: Frame) {
        let peers = [
            UInt64(frame.from.rawValue), UInt64(frame.to.rawValue), UInt64(frame.incarnations.from),
            UInt64(frame.incarnations.to),
        ]
        switch frame.content {
        case .message(let sequence, let id, let metadata, let payload):
            head =
                peers + [0, sequence, id.rawValue, metadata.round, UInt64(metadata.tag), metadata.weight.bitPattern]
            numbers = payload?.array().map(\.bitPattern)
        case .part(let sequence, let payload):
            head = peers + [2, sequence]
            numbers = payload?.array().map(\.bitPattern)
        case .acknowledgement(let through):
            head = peers + [1, through]
            numbers = nil
        }
    }
}

private func bytes(_ hexadecimal: String) -> [UInt8] {
    let digits = hexadecimal.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}
