import Testing

@testable import OpenTransport

@Suite struct FramePlacesTests {
    @Test func aLinkIsQuietWhenBothEndsHaveHandledAll() {
        var places = FramePlaces()
        #expect(places.isQuiet)
        places.sent = 3
        places.acknowledged = 2
        #expect(!places.isQuiet)
        places.acknowledged = 3
        #expect(places.isQuiet)
        places.received = 1
        #expect(!places.isQuiet)
        places.handled = 1
        #expect(places.isQuiet)
    }
}
