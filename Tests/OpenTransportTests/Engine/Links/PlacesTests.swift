import Graphs
import Testing

@testable import OpenTransport

@Suite struct PlacesTests {
    private func id(_ number: UInt8) -> KeyID { KeyID(bytes: Array(repeating: number, count: 32)) }

    @Test func aMemberKeepsItsPlaceWhileSomethingMayBeInDoubt() {
        var places = Places(doubt: 100)
        for number in UInt8(1)...63 {
            #expect(places.take(for: id(number))?.place == PeerID(Int(number)))
            places.open(PeerID(Int(number)))
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
        let old = places.take(for: id(7))
        #expect(old?.place == 7 && old?.isForgotten == false)
        let other = places.take(for: id(64))
        #expect(other?.place == 5 && other?.isForgotten == true)
        #expect(places.take(for: id(5)) == nil)
    }

    @Test func aGreetingThatCameToNothingLeavesTheDoubt() {
        var places = Places(doubt: 100)
        let place: PeerID = 1
        #expect(places.take(for: id(1))?.place == place)
        places.open(place)
        places.close(place, wasOpen: true, now: 0)
        #expect(places.take(for: id(1))?.place == place)
        places.close(place, wasOpen: false, now: 50)
        #expect(places.takeEnded(now: 100) == [place])
        #expect(places.take(for: id(1))?.place == place)
        places.open(place)
        places.close(place, wasOpen: true, now: 200)
        places.settle(place)
        #expect(places.nextEnd == nil)
    }
}
