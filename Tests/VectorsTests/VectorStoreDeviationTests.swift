import Testing
import Vectors

@Suite struct VectorStoreDeviationTests {
    /// Of 1 and 3 the root of 2, of 4, 4 and 4 nothing; a payload counts as a slot does.
    @Test func isThatOfStatistics() {
        var store = VectorStore(count: 2, capacity: 4)
        store.put(FlatVector([1, 4]), in: 0)
        store.put(FlatVector([3, 4]), in: 1)
        let payload = VectorStore.Term.Source.payload(Payload([2, 4]))
        let slots = [0, 1].map { VectorStore.Term.Source.slot($0, 0..<2) }
        store.deviation(into: 2, of: slots)
        #expect(store.snapshot(2, range: 0..<2).array() == [Float(2).squareRoot(), 0])
        store.deviation(into: 2, of: slots + [payload])
        #expect(store.snapshot(2, range: 0..<2).array() == [1, 0])
        store.deviation(into: 2, of: [payload])
        #expect(store.snapshot(2, range: 0..<2).array() == [0, 0])
    }
}
