import Randomness
import Testing
import Vectors

@Suite struct VectorStoreTests {
    /// Lengths around the width of the vector loop.
    private static let lengths = [1, 15, 16, 17, 64, 1000]

    private func random(_ count: Int, _ stream: inout RandomStream) -> [Float] {
        (0..<count).map { _ in Float(stream.normal()) }
    }

    @Test(arguments: lengths, 0..<10)
    func combineAgreesWithAPlainLoop(length: Int, terms: Int) {
        var stream = RandomStream(seed: 1, purpose: .test, peer: length, round: UInt64(terms))
        for target in 0..<3 {
            var store = VectorStore(count: length, capacity: 4)
            var values: [[Float]] = []
            for slot in 0..<3 {
                values.append(random(length, &stream))
                store.put(FlatVector(values[slot]), in: slot)
            }
            // Terms come from slots, the destination among them, and from payloads, in any order and repeatedly.
            var sources: [VectorStore.Term] = []
            var expected = [Double](repeating: 0, count: length)
            for _ in 0..<terms {
                let weight = stream.normal()
                let pick = stream.integer(below: 4)
                let numbers = pick < 3 ? values[pick] : random(length, &stream)
                sources.append(
                    VectorStore.Term(
                        weight: weight, source: pick < 3 ? .slot(pick, 0..<length) : .payload(Payload(numbers)))
                )
                for index in expected.indices { expected[index] += weight * Double(numbers[index]) }
            }
            store.combine(into: target, range: 0..<length, sources)
            store.read(target) { span in
                for index in span.indices { #expect(abs(Double(span[index]) - expected[index]) < 2e-5) }
            }
        }
    }

    @Test func aPartOfOneVectorMixesIntoAPartOfAnother() {
        var store = VectorStore(count: 6, capacity: 2)
        store.put(FlatVector([1, 2, 3, 4, 5, 6]), in: 0)
        store.combine(
            into: 1, range: 2..<4,
            [
                .init(weight: 2, source: .slot(0, 0..<2)),
                .init(weight: 1, source: .payload(Payload([10, 20]))),
            ])
        #expect(store.read(1) { span in span.indices.map { span[$0] } } == [0, 0, 12, 24, 0, 0])
    }

    @Test func aSnapshotDoesNotFollowTheVector() {
        var store = VectorStore(count: 3, capacity: 1)
        store.put(FlatVector([1, 2, 3]), in: 0)
        let snapshot = store.snapshot(0, range: 1..<3, from: PayloadPool())
        store.write(0) { span in span[1] = 9 }
        #expect(snapshot.array() == [2, 3])
        #expect(snapshot.byteCount == 8)
    }

    @Test func aPoolGivesTheSameBlockAgain() {
        let pool = PayloadPool()
        func address(_ payload: Payload) -> UInt {
            payload.read { span in span.withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) } }
        }
        var first: Payload? = pool.payload(count: 100) { span in span[0] = 1 }
        let used = address(first!)
        let other = pool.payload(count: 100) { span in span[0] = 2 }
        #expect(address(other) != used)
        first = nil
        #expect(address(pool.payload(count: 100) { span in span[0] = 3 }) == used)
    }

    @Test func aTakenVectorComesBack() {
        var store = VectorStore(count: 2, capacity: 1)
        var vector = store.take(0)
        vector.write { span in span[1] = 4 }
        store.put(vector, in: 0)
        #expect(store.read(0) { span in span[1] } == 4)
    }

    @Test func namingATakenVectorTraps() async {
        await #expect(processExitsWith: .failure) {
            var store = VectorStore(count: 2, capacity: 1)
            let vector = store.take(0)
            store.read(0) { _ in }
            store.put(vector, in: 0)
        }
    }
}
