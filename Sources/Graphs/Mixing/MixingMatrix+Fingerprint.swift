import Configuration

extension MixingMatrix {
    /// Rounds that the fingerprint of a graph looks at, where it varies.
    private static var fingerprintRounds: UInt64 { 16 }

    /// A number that differs between graphs whose edges or weights differ in their first rounds, and between different
    /// numbers of peers: ranks that do not mix by the same graph would wait for each other forever.
    public var fingerprint: UInt64 {
        var fingerprint = Fingerprint()
        fingerprint.combine(UInt64(peers))
        fingerprint.combine(period)
        for round in 0..<min(period, Self.fingerprintRounds) {
            for receiver in 0..<peers {
                for item in row(of: PeerID(receiver), round: round) {
                    fingerprint.combine(UInt64(item.peer.rawValue))
                    fingerprint.combine(item.weight.bitPattern)
                }
            }
        }
        return fingerprint.value
    }
}
