import Testing

@testable import Reports

@Suite struct GraphLayoutTests {
    @Test(arguments: [(2, 0), (3, 1), (64, 0), (128, 2)]) func everyPeerHasAPlaceOfItsOwn(learners: Int, servers: Int) {
        let layout = GraphLayout(learners: learners, servers: servers, columns: nil)
        #expect(layout.places.count == learners + servers)
        #expect(Set(layout.places).count == learners + servers)
        let inside = layout.places.allSatisfy { 0...GraphLayout.side ~= $0.x && 0...GraphLayout.side ~= $0.y }
        #expect(inside)
    }

    @Test func aGridKeepsItsRows() {
        let layout = GraphLayout(learners: 12, servers: 1, columns: 4)
        #expect(Set(layout.places[0..<4].map(\.y)).count == 1)
        #expect(layout.places[0].x == layout.places[4].x && layout.places[8].x == layout.places[0].x)
        #expect(layout.places[12].y > layout.places[11].y)
        // The edge around the grid goes beside the row, that to the neighbour straight.
        #expect(layout.line(0, 1).count == 2)
        let around = layout.line(0, 3)
        #expect(around.count == 9 && around[0] == layout.places[0] || around[0].y == layout.places[0].y)
        #expect(around[4].y > layout.places[0].y && around[4].y < layout.places[4].y)
        #expect(layout.line(0, 5).count == 2)
    }

    @Test func onACircleLinesAreStraight() {
        let layout = GraphLayout(learners: 8, servers: 0, columns: nil)
        #expect(layout.line(0, 4).map(\.y) == [layout.places[0].y, layout.places[4].y])
    }
}
