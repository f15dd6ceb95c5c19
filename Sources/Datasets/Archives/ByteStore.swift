/// Bytes of which any part can be read: a file as it lies there, or bytes in memory that were unpacked from one.
struct ByteStore: Sendable {
    /// What messages call it: the file's path.
    let path: String
    /// How many bytes there are.
    let count: Int
    /// What to do where it is damaged.
    let remedy: String
    /// The bytes where they are held; nil where they are read when they are needed.
    private let held: [UInt8]?
    /// The file, where it is kept open; else it is opened for each reading, as there may be thousands.
    private let file: DataFile?

    /// A file of any length, unpacked into memory where it is packed by gzip.
    init(_ path: String, remedy: String, keepsOpen: Bool = false) throws(DataError) {
        self.path = path
        self.remedy = remedy
        let file = try DataFile(path, limit: .max, remedy: remedy)
        guard Gzip.isGzip(try file.bytes(at: [0..<min(2, file.byteCount)])) else {
            held = nil
            count = file.byteCount
            self.file = keepsOpen ? file : nil
            return
        }
        self.file = nil
        switch Gzip.unpack(try WholeFile.bytes(of: path, remedy: remedy)) {
        case .success(let unpacked): held = unpacked
        case .failure(let problem): throw DataError(.malformed, path, problem.description, remedy: remedy)
        }
        count = held?.count ?? 0
    }

    /// Bytes that are in memory; messages call them `path`.
    init(_ bytes: [UInt8], path: String, remedy: String) {
        self.path = path
        self.remedy = remedy
        file = nil
        held = bytes
        count = bytes.count
    }

    /// The bytes at this place, which lies within them.
    func bytes(at range: Range<Int>) throws(DataError) -> [UInt8] {
        if let held { return Array(held[range]) }
        return try opened().bytes(at: [range])
    }

    /// Hands over a reader of parts, for which the file is opened once.
    func reading<Result>(_ body: ((Range<Int>) throws(DataError) -> [UInt8]) throws(DataError) -> Result)
        throws(DataError) -> Result
    {
        if let held { return try body { (range) throws(DataError) in Array(held[range]) } }
        let file = try opened()
        return try body { (range) throws(DataError) in try file.bytes(at: [range]) }
    }

    private func opened() throws(DataError) -> DataFile {
        if let file { return file }
        return try DataFile(path, limit: .max, remedy: remedy)
    }

    /// What is wrong with it, as an error that names it.
    func malformed(_ problem: String) -> DataError { DataError(.malformed, path, problem, remedy: remedy) }
}
