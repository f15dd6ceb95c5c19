import Graphs
import Testing

@testable import OpenTransport

@Suite struct PlacesTests {
    private func id(_ number: UInt8) -> KeyID { KeyID(bytes: Array(repeating: number, count: 32)) }

    @Test func aMemberKeepsItsPlaceWhileSomethingMayBeInDoubt() throws {
        var places = Places(doubt: 100)
        for number in UInt8(1)...63 {
            let taken = try #require(places.take(for: id(number)))
            #expect(taken == (PeerID(Int(number)), false))
            places.open(taken.place)
        }
        #expect(places.take(for: id(64)) == nil)
        places.close(5, wasOpen: true, now: 10)
        places.close(7, wasOpen: true, now: 20)
        #expect(places.take(for: id(64)) == nil)
        #expect(places.nextEnd == 110)
        #expect(places.takeEnded(now: 109).isEmpty)
        #expect(places.takeEnded(now: 120) == [5, 7])
        #expect(places.takeEnded(now: 500).isEmpty)
        // Who comes back finds its place as long as nobody needs it.
        #expect(try #require(places.take(for: id(7))) == (7, false))
        #expect(try #require(places.take(for: id(64))) == (5, true))
        #expect(places.take(for: id(5)) == nil)
    }

    @Test func aGreetingThatCameToNothingLeavesTheDoubt() throws {
        var places = Places(doubt: 100)
        let place = try #require(places.take(for: id(1))).place
        places.open(place)
        places.close(place, wasOpen: true, now: 0)
        #expect(try #require(places.take(for: id(1))).place == place)
        places.close(place, wasOpen: false, now: 50)
        #expect(places.takeEnded(now: 100) == [place])
        #expect(try #require(places.take(for: id(1))).place == place)
        places.open(place)
        places.close(place, wasOpen: true, now: 200)
        places.settle(place)
        #expect(places.nextEnd == nil)
    }
}
