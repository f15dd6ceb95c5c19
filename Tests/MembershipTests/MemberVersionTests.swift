import Membership
import Testing

@Suite struct MemberVersionTests {
    /// The higher incarnation wins, then the higher beat, then the worse standing.
    @Test func theNewerAndTheWorseWins() {
        let rising = [
            MemberVersion(incarnation: 1, beat: 7, standing: .lost),
            MemberVersion(incarnation: 2, beat: 1, standing: .alive),
            MemberVersion(incarnation: 2, beat: 1, standing: .suspect),
            MemberVersion(incarnation: 2, beat: 1, standing: .lost),
            MemberVersion(incarnation: 2, beat: 2, standing: .alive),
        ]
        for (place, version) in rising.enumerated() {
            #expect(rising[..<place].allSatisfy { $0 < version })
            #expect(!rising[place...].contains { $0 < version })
        }
    }
}
