extension Item {
    /// The item as it travels, header first.
    package var encoded: [UInt8] {
        var body = ByteWriter()
        let kind = write(to: &body)
        precondition(kind.byteCounts.contains(body.bytes.count), "\(kind) of \(body.bytes.count) bytes")
        var writer = ByteWriter()
        writer.put(kind.rawValue)
        writer.put([0, 0, 0])
        writer.put(UInt32(body.bytes.count))
        writer.put(number)
        writer.put(body.bytes)
        return writer.bytes
    }

    private func write(to body: inout ByteWriter) -> ItemKind {
        switch content {
        case .hello(let hello):
            hello.write(to: &body)
            return .hello
        case .refusal(let notice):
            notice.write(to: &body)
            return .refusal
        case .ping(let ping):
            ping.write(to: &body)
            return .ping
        case .sync(let form, let bytes):
            body.put(form.rawValue)
            body.put(bytes)
            return .sync
        case .frame(let opening):
            opening.write(to: &body)
            return .frame
        case .go: return .go
        case .chunk(let bytes):
            body.put(bytes)
            return .chunk
        case .shutdown(let reason):
            body.put(reason.rawValue)
            return .shutdown
        case .experiment(let text):
            body.put(Array(text.utf8))
            return .experiment
        case .dialBack(let dialBack):
            dialBack.write(to: &body)
            return .dialBack
        }
    }
}
