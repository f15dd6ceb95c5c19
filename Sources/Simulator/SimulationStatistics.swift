/// What a simulated run has seen so far.
public struct SimulationStatistics: Sendable, Hashable, Codable {
    /// Happenings handled.
    public internal(set) var events = 0
    /// Messages handed to the network, repetitions and acknowledgements apart.
    public internal(set) var messages = 0
    /// Frames that reached their receiver.
    public internal(set) var delivered = 0
    /// Frames that did not: lost, cut off, sent to a dead peer, or found garbled.
    public internal(set) var dropped = 0
    public internal(set) var duplicated = 0
    public internal(set) var corrupted = 0
    public internal(set) var crashes = 0
    public internal(set) var restarts = 0
    /// A number that two runs share when they handled the same things at the same times: 64-bit FNV-1a over time,
    /// number and receiver of each.
    public internal(set) var digest: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func count(time: Int64, number: UInt64, target: Int) {
        events += 1
        for word in [UInt64(bitPattern: time), number, UInt64(bitPattern: Int64(target))] {
            digest = (digest ^ word) &* 0x0000_0100_0000_01b3
        }
    }
}
