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
        let snapshot = store.snapshot(0, range: 1..<3)
        store.write(0) { span in span[1] = 9 }
        #expect(snapshot.array() == [2, 3])
        #expect(snapshot.byteCount == 8)
    }

    private func address(_ payload: Payload) -> UInt {
        payload.read { span in span.withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) } }
    }

    private func address(_ store: borrowing VectorStore, _ slot: Int) -> UInt {
        store.read(slot) { span in span.withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) } }
    }

    private func values(_ store: borrowing VectorStore, _ slot: Int) -> [Float] {
        store.read(slot) { span in span.indices.map { span[$0] } }
    }

    @Test func aSnapshotOfTheWholeIsTheSlotsOwnBlock() {
        var store = VectorStore(count: 3, capacity: 1)
        store.put(FlatVector([1, 2, 3]), in: 0)
        let first = store.snapshot(0, range: 0..<3)
        #expect(address(first) == address(store, 0))
        #expect(first === store.snapshot(0, range: 0..<3))
        store.write(0) { span in span[1] = 9 }
        #expect(first.array() == [1, 2, 3])
        #expect(values(store, 0) == [1, 9, 3])
        #expect(store.snapshot(0, range: 0..<3) !== first)
    }

    @Test func aSlotThatNobodyElseHoldsIsWrittenInPlace() {
        var store = VectorStore(count: 3, capacity: 2)
        store.put(FlatVector([1, 2, 3]), in: 0)
        let place = address(store, 0)
        // A snapshot that is gone shares nothing any more.
        #expect(store.snapshot(0, range: 0..<3).array() == [1, 2, 3])
        store.write(0) { span in span[0] = 5 }
        store.combine(
            into: 0, range: 0..<3,
            [.init(weight: 2, source: .slot(0, 0..<3)), .init(weight: 1, source: .payload(Payload([1, 1, 1])))])
        #expect(values(store, 0) == [11, 5, 7])
        #expect(address(store, 0) == place)
    }

    /// All ways to write a slot leave a snapshot of it as it was, whatever they read meanwhile.
    @Test func nothingWritesAPayloadThatOthersHold() {
        let writes: [(name: String, write: (inout VectorStore) -> Void, result: [Float])] = [
            ("write", { $0.write(0) { span in span[2] = 0 } }, [1, 2, 0]),
            ("write reading", { $0.write(0, reading: 1) { span, other in span[0] += other[0] } }, [11, 2, 3]),
            (
                "overwrite",
                {
                    $0.overwrite(0, reading: 1, 2) { span, a, b in
                        for index in span.indices { span[index] = a[index] - b[index] }
                    }
                }, [10, 10, 10]
            ),
            ("scale", { $0.combine(into: 0, range: 0..<3, [.init(weight: 2, source: .slot(0, 0..<3))]) }, [2, 4, 6]),
            (
                "mix",
                {
                    $0.combine(
                        into: 0, range: 0..<3,
                        [.init(weight: 1, source: .slot(1, 0..<3)), .init(weight: 3, source: .slot(0, 0..<3))])
                }, [13, 16, 19]
            ),
            (
                "mix others",
                {
                    $0.combine(
                        into: 0, range: 0..<3,
                        [.init(weight: 1, source: .slot(1, 0..<3)), .init(weight: 3, source: .slot(2, 0..<3))])
                }, [10, 10, 10]
            ),
            (
                "mix a part",
                { $0.combine(into: 0, range: 0..<1, [.init(weight: 1, source: .slot(0, 2..<3))]) }, [3, 2, 3]
            ),
            ("nothing", { $0.combine(into: 0, range: 0..<3, []) }, [0, 0, 0]),
            (
                "take over", { $0.combine(into: 0, range: 0..<3, [.init(weight: 1, source: .slot(1, 0..<3))]) },
                [10, 10, 10]
            ),
            ("put", { $0.put(FlatVector([7, 7, 7]), in: 0) }, [7, 7, 7]),
        ]
        for (name, write, result) in writes {
            let pool = PayloadPool()
            var store = VectorStore(count: 3, capacity: 3, pool: pool)
            store.put(FlatVector([1, 2, 3]), in: 0)
            store.put(FlatVector([10, 10, 10]), in: 1)
            // What a fresh block holds before it is written does not matter.
            pool.giveBack(FlatVector([.nan, .nan, .nan]))
            let snapshot = store.snapshot(0, range: 0..<3)
            write(&store)
            #expect(snapshot.array() == [1, 2, 3], "\(name)")
            #expect(values(store, 0) == result, "\(name)")
            #expect(values(store, 1) == [10, 10, 10], "\(name)")
        }
    }

    /// Whether others still hold a vector depends on their threads: the numbers may not.
    @Test(arguments: 0..<10) func sharedOrNotTheSumHasTheSameBits(terms: Int) {
        var stream = RandomStream(seed: 2, purpose: .test, round: UInt64(terms))
        let model = random(100, &stream)
        let payloads = (0..<terms).map { _ in Payload(random(100, &stream)) }
        var sources = payloads.map { VectorStore.Term(weight: stream.normal(), source: .payload($0)) }
        sources.insert(VectorStore.Term(weight: 0.3, source: .slot(0, 0..<100)), at: terms / 2)
        func sum(isShared: Bool) -> [Float] {
            var store = VectorStore(count: 100, capacity: 1)
            store.put(FlatVector(model), in: 0)
            let snapshot = isShared ? store.snapshot(0, range: 0..<100) : nil
            store.combine(into: 0, range: 0..<100, sources)
            #expect(snapshot?.array() ?? model == model)
            return values(store, 0)
        }
        #expect(sum(isShared: true) == sum(isShared: false))
    }

    /// Weighed differences, up to more than a pass takes and over more numbers than a piece has, from the destination
    /// itself, from another slot and from a payload, beside plain terms.
    @Test(arguments: [1, 5, 2048, 5000], [1, 2, 3, 4, 7])
    func differencesAreWeighed(count: Int, terms: Int) {
        var stream = RandomStream(seed: 3, purpose: .test, round: UInt64(count * 10 + terms))
        let slots = (0..<2).map { _ in random(count, &stream) }
        let payloads = (0...terms).map { _ in random(count, &stream) }
        let weights = (0..<terms).map { _ in stream.normal() }
        let whole = 0..<count
        let origins: [(VectorStore.Term.Source, [Float])] = [
            (.slot(0, whole), slots[0]), (.slot(1, whole), slots[1]),
            (.payload(Payload(payloads[terms])), payloads[terms]),
        ]
        for (origin, numbers) in origins {
            for (own, isShared) in [(1.0, false), (1, true), (0.5, false), (0.5, true)] {
                var store = VectorStore(count: count, capacity: 2)
                for slot in 0..<2 { store.put(FlatVector(slots[slot]), in: slot) }
                let snapshot = isShared ? store.snapshot(0, range: whole) : nil
                let differences = (0..<terms).map {
                    VectorStore.Term(
                        weight: weights[$0], source: .payload(Payload(payloads[$0])), origin: origin)
                }
                store.combine(
                    into: 0, range: whole,
                    [.init(weight: own, source: .slot(0, whole)), .init(weight: 2, source: .slot(1, whole))]
                        + differences)
                for (index, value) in values(store, 0).enumerated() {
                    let sum = (0..<terms).reduce(0) {
                        $0 + weights[$1] * Double(payloads[$1][index] - numbers[index])
                    }
                    let expected = own * Double(slots[0][index]) + 2 * Double(slots[1][index]) + sum
                    #expect(abs(Double(value) - expected) < 1e-4)
                }
                #expect(snapshot?.array() ?? slots[0] == slots[0])
            }
        }
    }

    /// What is equal adds nothing, whatever the weights.
    @Test(arguments: 1..<9) func equalVectorsAddNothing(terms: Int) {
        var stream = RandomStream(seed: 4, purpose: .test, round: UInt64(terms))
        let model = random(3000, &stream)
        let moves = (0..<terms).map { _ in
            VectorStore.Term(
                weight: stream.normal(), source: .payload(Payload(model)), origin: .slot(0, 0..<3000))
        }
        var store = VectorStore(count: 3000, capacity: 2)
        store.put(FlatVector(model), in: 0)
        store.combine(into: 0, range: 0..<3000, [.init(weight: 1, source: .slot(0, 0..<3000))] + moves)
        #expect(values(store, 0) == model)
        store.combine(into: 1, range: 0..<3000, moves)
        #expect(values(store, 1).allSatisfy { $0 == 0 })
    }

    @Test func aVectorTakenOverWholeIsSharedUntilOneOfTheTwoIsWritten() {
        var store = VectorStore(count: 2, capacity: 2)
        let payload = Payload([1, 2])
        store.combine(into: 0, range: 0..<2, [.init(weight: 1, source: .payload(payload))])
        #expect(address(store, 0) == address(payload))
        store.combine(into: 1, range: 0..<2, [.init(weight: 1, source: .slot(0, 0..<2))])
        #expect(address(store, 1) == address(payload))
        store.write(0, reading: 1) { span, other in span[0] = 10 * other[1] }
        #expect(values(store, 0) == [20, 2])
        #expect(values(store, 1) == [1, 2])
        #expect(payload.array() == [1, 2])
        // A part is copied, and so is what comes with a weight.
        store.combine(into: 0, range: 0..<1, [.init(weight: 1, source: .payload(Payload([4])))])
        store.combine(into: 1, range: 0..<2, [.init(weight: 2, source: .payload(payload))])
        #expect(values(store, 0) == [4, 2])
        #expect(values(store, 1) == [2, 4])
    }

    /// Peers of one pool that write what they share need two blocks a peer, however long they go on.
    @Test func blocksThatNobodyHoldsServeAgain() {
        let pool = PayloadPool()
        var store = VectorStore(count: 10, capacity: 1, pool: pool)
        var places: Set<UInt> = []
        for _ in 0..<20 {
            let snapshot = store.snapshot(0, range: 0..<10)
            store.write(0) { span in span[0] += 1 }
            places.formUnion([address(snapshot), address(store, 0)])
        }
        #expect(values(store, 0)[0] == 20)
        #expect(places.count == 2)
    }

    @Test func aVectorThatOthersHoldIsNotTaken() {
        var store = VectorStore(count: 2, capacity: 1)
        store.put(FlatVector([1, 2]), in: 0)
        let snapshot = store.snapshot(0, range: 0..<2)
        if let taken = store.take(0) { Issue.record("\(taken.array()) was taken from under the snapshot") }
        let isAway = store.isAway(0)
        #expect(isAway)
        #expect(snapshot.array() == [1, 2])
        store.put(FlatVector([3, 4]), in: 0)
        #expect(values(store, 0) == [3, 4])
    }

    /// Other threads read what was shared while the slot is written, and let go of it at any moment.
    @Test func readersOnOtherThreadsSeeWhatTheyWereHanded() async {
        var store = VectorStore(count: 1000, capacity: 1)
        await withTaskGroup(of: Bool.self) { group in
            for round in 0..<500 {
                store.write(0) { span in
                    for index in span.indices { span[index] = Float(round) }
                }
                let snapshot = store.snapshot(0, range: 0..<1000)
                group.addTask {
                    snapshot.read { span in span.indices.allSatisfy { span[$0] == Float(round) } }
                }
            }
            for await isWhole in group { #expect(isWhole) }
        }
    }

    @Test func aPoolGivesTheSameBlockAgain() {
        let pool = PayloadPool()
        var first: Payload? = pool.payload(count: 100) { span in span[0] = 1 }
        let used = address(first!)
        let other = pool.payload(count: 100) { span in span[0] = 2 }
        #expect(address(other) != used)
        first = nil
        #expect(address(pool.payload(count: 100) { span in span[0] = 3 }) == used)
    }

    @Test func aTakenVectorComesBack() {
        var store = VectorStore(count: 2, capacity: 1)
        store.put(FlatVector(count: 2), in: 0)
        let place = address(store, 0)
        guard var vector = store.take(0) else {
            Issue.record("nothing is there")
            return
        }
        vector.write { span in span[1] = 4 }
        store.put(vector, in: 0)
        #expect(address(store, 0) == place)
        #expect(store.read(0) { span in span[1] } == 4)
    }

    @Test func aForgottenSlotIsAsNew() {
        var store = VectorStore(count: 2, capacity: 2)
        for slot in 0..<2 { store.put(FlatVector([1, 2]), in: slot) }
        _ = store.take(0)
        for slot in 0..<2 { store.forget(slot) }
        #expect(!store.isAway(0) && !store.holds(0) && !store.holds(1))
        #expect(values(store, 0) == [0, 0] && values(store, 1) == [0, 0])
    }

    @Test func namingATakenVectorTraps() async {
        await #expect(processExitsWith: .failure) {
            var store = VectorStore(count: 2, capacity: 1)
            _ = store.take(0)
            store.read(0) { _ in }
        }
    }
}
