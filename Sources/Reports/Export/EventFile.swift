/// A file of events as TensorBoard reads it: records with a masked CRC-32C of their length and one of their content
/// (TensorFlow, tensorflow/core/lib/io/record_writer.h), each an `Event` of event.proto.
struct EventFile {
    /// A named number of one moment.
    struct Event: Hashable {
        /// Seconds since 1970.
        var wallTime: Double
        var step: Int
        var tag: String
        var value: Float
    }

    private(set) var bytes: [UInt8] = []

    /// The events in their order, behind the one that says what the file is.
    init(_ events: [Event], begun: Double) {
        var head = ProtobufMessage()
        head.add(1, double: begun)
        head.add(3, text: "brain.Event:2")
        append(head)
        for event in events { append(Self.message(event)) }
    }

    private static func message(_ event: Event) -> ProtobufMessage {
        var summary = ProtobufMessage()
        var entry = ProtobufMessage()
        entry.add(1, text: event.tag)
        entry.add(2, float: event.value)
        summary.add(1, message: entry)
        var message = ProtobufMessage()
        message.add(1, double: event.wallTime)
        message.add(2, integer: event.step)
        message.add(5, message: summary)
        return message
    }

    private mutating func append(_ message: ProtobufMessage) {
        let length = ProtobufMessage.littleEndian(UInt64(message.bytes.count))
        bytes += length + ProtobufMessage.littleEndian(CRC32C.masked(length))
        bytes += message.bytes
        bytes += ProtobufMessage.littleEndian(CRC32C.masked(message.bytes))
    }
}
