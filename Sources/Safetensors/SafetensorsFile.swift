import Configuration
package import Foundation

/// The contents of a safetensors file: named tensors and a few words about them.
///
/// The format (huggingface/safetensors): the header's length N as 64 bits, little-endian; N bytes of JSON, which begin
/// with `{` and may end in spaces; the tensors' bytes, which leave no hole and do not overlap. Numbers lie row-major,
/// little-endian.
public struct SafetensorsFile: Sendable, Hashable {
    /// In the order of their bytes within the file.
    public let tensors: [Tensor]
    /// The header's `__metadata__`: free words about the tensors, such as the experiment that they come from.
    public let metadata: [String: String]

    /// Headers longer than this are refused, as by the reference reader.
    static let longestHeader = 100_000_000

    /// A file in memory; the tensors' names must differ, and none may be `__metadata__`.
    public init(tensors: [Tensor], metadata: [String: String] = [:]) {
        let names = Set(tensors.map(\.name))
        precondition(names.count == tensors.count, "two tensors of one file have the same name")
        precondition(!names.contains(Header.metadataKey), "a tensor cannot be named \(Header.metadataKey)")
        self.tensors = tensors
        self.metadata = metadata
    }

    /// The tensor of that name.
    public subscript(name: String) -> Tensor? {
        tensors.first { $0.name == name }
    }

    /// Reads a regular file and checks all of its header. The tensors of a long one are mapped: what nobody asks for
    /// takes up no memory.
    public init(readingFrom path: String) throws(SafetensorsError) {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw SafetensorsError(.missing, path: path, "there is no such file")
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw SafetensorsError(.malformed, path: path, "this is no regular file, so it holds no tensors")
        }
        let isLong = status.st_size > 1 << 24
        guard let data = try? Data(contentsOf: URL(fileURLWithPath: path), options: isLong ? .alwaysMapped : []) else {
            throw SafetensorsError(.missing, path: path, "this file cannot be read")
        }
        try self.init(data: data, path: path)
    }

    /// The contents of the file at `path`, whose bytes these are.
    package init(data: Data, path: String) throws(SafetensorsError) {
        do throws(Malformed) {
            try self.init(data: data)
        } catch {
            throw SafetensorsError(.malformed, path: path, error.reason)
        }
    }

    /// The contents of the file at `path`, whose bytes these are.
    public init(bytes: [UInt8], path: String) throws(SafetensorsError) {
        try self.init(data: Data(bytes), path: path)
    }

    /// The tensors of a file's bytes.
    init(bytes: [UInt8]) throws(Malformed) { try self.init(data: Data(bytes)) }

    private init(data: Data) throws(Malformed) {
        guard data.count >= 8 else {
            throw Malformed(
                "the file has \(data.count) bytes, and a safetensors file begins with 8 for its header's length")
        }
        let length = [UInt8](data.prefix(8)).littleEndian(UInt64.self, at: 0)
        guard length <= UInt64(Self.longestHeader) else {
            throw Malformed("the header claims \(length) bytes, more than the \(Self.longestHeader) that are allowed")
        }
        let count = Int(length)
        guard count <= data.count - 8 else {
            throw Malformed(
                "the header claims \(length) bytes, and the file has only \(data.count - 8) behind its length")
        }
        let rest = data.dropFirst(8)
        let (text, numbers) = (rest.prefix(count), rest.dropFirst(count))
        let header = try Header(parsing: [UInt8](text), dataCount: numbers.count)
        tensors = header.entries.map { entry in
            Tensor(
                name: entry.name, type: entry.type, shape: entry.shape,
                data: numbers.dropFirst(entry.range.lowerBound).prefix(entry.range.count))
        }
        metadata = header.metadata
    }

    /// The bytes of the file: wide types first, then by name, the header padded with spaces to 8 bytes, as the
    /// reference writer does it, so that every tensor is aligned.
    public func encoded() -> [UInt8] {
        let order = tensors.sorted { ($0.type.place, $0.name) < ($1.type.place, $1.name) }
        var items: [String] = []
        if !metadata.isEmpty {
            let words = metadata.sorted { $0.key < $1.key }.map { "\(JSON.quoted($0.key)):\(JSON.quoted($0.value))" }
            items.append("\(JSON.quoted(Header.metadataKey)):{\(words.joined(separator: ","))}")
        }
        var end = 0
        for tensor in order {
            let begin = end
            end += tensor.byteCount
            let shape = tensor.shape.map(String.init).joined(separator: ",")
            items.append(
                """
                \(JSON.quoted(tensor.name)):{"dtype":"\(tensor.type.rawValue)","shape":[\(shape)],\
                "data_offsets":[\(begin),\(end)]}
                """)
        }
        var header = Array("{\(items.joined(separator: ","))}".utf8)
        header += [UInt8](repeating: UInt8(ascii: " "), count: (8 - header.count % 8) % 8)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(8 + header.count + end)
        bytes.appendLittleEndian(UInt64(header.count))
        bytes += header
        for tensor in order { bytes += tensor.bytes }
        return bytes
    }
}
