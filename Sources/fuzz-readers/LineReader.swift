import Foundation

/// Lines from a pipe, each waited for so long.
struct LineReader {
    enum Outcome {
        case line(String)
        case silence, end
    }

    let descriptor: Int32
    private var bytes: [UInt8] = []

    init(descriptor: Int32) { self.descriptor = descriptor }

    mutating func next(waitingSeconds seconds: Int) -> Outcome {
        while true {
            if let end = bytes.firstIndex(of: UInt8(ascii: "\n")) {
                let line = String(decoding: bytes[..<end], as: UTF8.self)
                bytes.removeSubrange(...end)
                return .line(line)
            }
            var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            if Foundation.poll(&poll, 1, Int32(seconds * 1000)) == 0 { return .silence }
            var block = [UInt8](repeating: 0, count: 4096)
            let count = Foundation.read(descriptor, &block, block.count)
            if count <= 0 { return .end }
            bytes += block[..<count]
        }
    }
}
