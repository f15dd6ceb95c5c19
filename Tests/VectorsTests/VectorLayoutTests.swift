import Testing
import Vectors

@Suite struct VectorLayoutTests {
    @Test func tensorsLieOneBehindTheOther() {
        let layout = VectorLayout([("a", [2, 3]), ("b", [4]), ("c", [])])
        #expect(layout.count == 11)
        #expect(layout["b"]?.range == 6..<10)
        #expect(layout["c"]?.range == 10..<11)
        #expect(layout["d"] == nil)
    }

    @Test func fingerprintsTellLayoutsApart() {
        let layouts = [
            VectorLayout([("a", [2, 3])]), VectorLayout([("a", [3, 2])]), VectorLayout([("b", [2, 3])]),
            VectorLayout([("a", [6])]), VectorLayout([("a", [2]), ("b", [3])]), VectorLayout([]),
        ]
        #expect(Set(layouts.map(\.fingerprint)).count == layouts.count)
        #expect(layouts[0].fingerprint == VectorLayout([("a", [2, 3])]).fingerprint)
    }
}
