/// Payloads as a transport sees them that sends from where the numbers lie, and receives to where they will.
extension Payload {
    /// The numbers as bytes; valid while the payload lives. Written only while they are awaited.
    package var bytes: UnsafeMutableRawBufferPointer { UnsafeMutableRawBufferPointer(mutableBuffer) }
}

extension PayloadPool {
    /// A payload of `count` numbers that are still to come: a transport has them written where they lie, and hands the
    /// payload on only when all of them are there.
    package func awaited(count: Int, isPacked: Bool = false) -> Payload {
        isPacked
            ? Payload(FlatVector(count: count), pool: nil, isPacked: true) : Payload(block(count: count), pool: self)
    }
}
