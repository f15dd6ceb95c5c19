import Testing

@testable import Reports

@Suite struct QuantityTests {
    @Test func countsAreGrouped() {
        #expect(
            [0, 12, 999, 1000, 1_234_567, -4321].map { Quantity.count($0) } == [
                "0", "12", "999", "1,000", "1,234,567", "-4,321",
            ])
        #expect(Quantity.count(1e300) == "1e+300")
        #expect(Quantity.count(1, "peer") == "1 peer")
    }

    @Test func bytesAndTimesHaveTheirUnits() {
        #expect(
            [0, 999, 1000, 285_029_992, 2e12].map { Quantity.bytes($0) } == [
                "0 bytes", "999 bytes", "1.0 kB", "285.0 MB", "2.0 TB",
            ])
        #expect([0.04, 119.9, 120, 7200].map(Quantity.duration) == ["0.0 s", "119.9 s", "2.0 min", "2.0 h"])
    }

    /// Peers that ended very near to each other are not said to be equal.
    @Test func smallDistancesKeepTheirDigits() {
        #expect(
            [0, 0.8653, 0.001, 0.00042, 3.16e-8, .infinity].map { Quantity.distance($0) } == [
                "0.0000", "0.8653", "0.0010", "4.2e-04", "3.2e-08", "inf",
            ])
        #expect(Quantity.distance(nil) == "–")
    }

    @Test func ticksAreShort() {
        #expect([0, 0.05, 1500, 2e6, -3e9].map(Quantity.short) == ["0", "0.05", "1.5k", "2M", "-3G"])
    }
}
