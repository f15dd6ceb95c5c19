import Records
import TestKit
import Testing

@testable import Reports

@Suite struct GraphTrafficTests {
    private func graph(_ receivers: [[Int]]) -> String {
        GraphRecord(name: "custom", receivers: receivers, period: 1, columns: nil, moduli: nil, spectralGap: nil).text
    }

    @Test func whatWentOverAnEdgeIsBothWaysTogether() throws {
        let traffic = try #require(GraphTraffic(TestRun.read(["graph.json": graph([[1], [0]])])))
        #expect(traffic.loads == [GraphTraffic.Edge(0, 1): 3000])
        #expect(traffic.sent.map(\.messages) == [10, 20] && traffic.sent.map(\.bytes) == [1000, 2000])
        #expect(traffic.learners == 2 && traffic.servers == 0)
    }

    /// A server is a peer behind the learners, and an edge that nobody used is one.
    @Test func serversAndSilentEdgesAreThere() throws {
        let three = "[[0,0,7],[0,0,0],[5,0,0]]"
        let summary = TestRun.summary.replacing("[[0,10],[20,0]]", with: three)
            .replacing("[[0,1000],[2000,0]]", with: three)
        let run = try TestRun.read(["graph.json": graph([[1], [0]]), "summary.json": summary])
        let traffic = try #require(GraphTraffic(run))
        #expect(traffic.servers == 1)
        #expect(traffic.loads == [GraphTraffic.Edge(0, 1): 0, GraphTraffic.Edge(2, 0): 12])
        #expect(traffic.level(0) == 0 && traffic.level(12) == GraphTraffic.levels && traffic.level(1) == 1)
        let text = GraphPicture(traffic, columns: nil).markup.text
        #expect(text.contains("<g class=\"server\"><title>server 2") && text.contains("class=\"e0\""))
    }

    @Test func aGraphAloneIsEnough() throws {
        let run = try TestRun.read(["graph.json": graph([[1], [2], [0]]), "summary.json": nil])
        #expect(try #require(GraphTraffic(run)).loads.count == 3)
        #expect(GraphSection(run: run).markup.text.contains("What went over its edges is not recorded."))
        #expect(try GraphTraffic(TestRun.read(["summary.json": nil])) == nil)
    }

    /// Any number may stand in a record: no sum of them may stop the program.
    @Test func sumsHaveAnEnd() throws {
        let most = "[[0,\(Int.max)],[\(Int.max),0]]"
        let summary = TestRun.summary.replacing("[[0,10],[20,0]]", with: most)
            .replacing("[[0,1000],[2000,0]]", with: most)
        let run = try TestRun.read(["summary.json": summary])
        #expect(try #require(GraphTraffic(run)).loads.values.max() == .max)
        #expect(GraphSection(run: run).markup.text.contains("class=\"e6\""))
    }

    @Test(arguments: [-5, 0, 1, 1_000_000_000]) func anyNumberOfPeersMayStandInASummary(peers: Int) throws {
        let summary = TestRun.summary.replacing("\"peers\":2,", with: "\"peers\":\(peers),")
        let run = try TestRun.read(["summary.json": summary])
        #expect(ReportPage(runs: [run]).html.contains("class=\"graph\""))
        #expect(Figure.figures(of: [run]).map(\.name).contains("graph"))
    }

    /// 2016 edges in a handful of paths, so that the page stays small.
    @Test func sixtyFourPeersStaySmall() throws {
        let peers = 64
        let all = (0..<peers).map { peer in (0..<peers).filter { $0 != peer } }
        let traffic = try #require(GraphTraffic(TestRun.read(["graph.json": graph(all), "summary.json": nil])))
        #expect(traffic.loads.count == 2016)
        let text = GraphPicture(traffic, columns: nil).markup.text
        #expect(text.contains("class=\"graph dense\"") && text.matches(of: /<path/).count == 1)
        #expect(text.utf8.count < 64_000)
    }
}
