/// The payloads that the other side has announced and that have not come whole.
struct IncomingPayloads: Sendable, Hashable {
    private struct Payload: Sendable, Hashable {
        /// Bytes that are still to come.
        var rest: UInt64
        /// Whether this side lets it come.
        var isGranted = false
    }

    /// The time in which enough has to come of those that may come, whichever it is: they go one behind the other.
    private struct Window: Sendable, Hashable {
        var end: Int64
        var byteCount = 0
    }

    private var payloads: [UInt64: Payload] = [:]
    private var lastFrame: UInt64 = 0
    /// Nil while nothing may come.
    private var window: Window?

    /// When the speed has to be looked at.
    var deadline: Int64? { window?.end }

    /// Takes note of a frame, if it is the next one and its payload is the model's, in an encoding that was offered.
    mutating func announce(
        _ frame: UInt64, _ opening: FrameOpening, _ hello: Hello, _ limits: LinkLimits
    ) throws(Breach) {
        guard lastFrame < .max, frame == lastFrame + 1 else { throw .frameNumber }
        lastFrame = frame
        guard opening.encoding != .none else { return }
        guard hello.encodings & opening.encoding.bit != 0 else { throw .encoding }
        let (bytes, isTooMany) = hello.parameterCount.multipliedReportingOverflow(
            by: opening.encoding.bytesPerNumber)
        guard !isTooMany, opening.payloadByteCount == bytes else {
            throw .payloadSize(byteCount: opening.payloadByteCount)
        }
        guard payloads.count < limits.modelsUnderWay else { throw .tooManyPayloads }
        payloads[frame] = Payload(rest: opening.payloadByteCount)
    }

    /// Lets a payload come.
    mutating func grant(_ frame: UInt64, _ limits: LinkLimits, _ now: Int64) {
        precondition(payloads[frame]?.isGranted == false, "frame \(frame) waits for no word")
        payloads[frame]?.isGranted = true
        window = window ?? Window(end: now + limits.slowestWindow)
    }

    /// Whether so many bytes of a payload may come.
    func admits(_ byteCount: Int, of frame: UInt64) -> Bool {
        payloads[frame].map { $0.isGranted && $0.rest >= byteCount } ?? false
    }

    /// Takes a part of a payload. Returns whether it was the last.
    mutating func take(
        _ byteCount: Int, of frame: UInt64, _ limits: LinkLimits, _ now: Int64
    ) throws(Breach) -> Bool {
        guard admits(byteCount, of: frame), var payload = payloads[frame] else { throw .strayChunk }
        payload.rest -= UInt64(byteCount)
        window?.byteCount += byteCount
        guard payload.rest == 0 else {
            payloads[frame] = payload
            return false
        }
        payloads[frame] = nil
        // A whole one is quick enough, however small; the others begin again.
        window = payloads.values.contains(where: \.isGranted) ? Window(end: now + limits.slowestWindow) : nil
        return true
    }

    /// Throws where a window ends in which too little has come; else begins the next one.
    mutating func checkSpeed(_ limits: LinkLimits, _ now: Int64) throws(Breach) {
        guard let past = window, past.end <= now else { return }
        guard past.byteCount >= limits.slowestBytes else { throw .slow }
        window = Window(end: now + limits.slowestWindow)
    }
}
