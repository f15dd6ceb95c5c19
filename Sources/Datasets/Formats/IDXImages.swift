/// The images of an IDX file, of which only what is wanted is read where the file is not packed, and only what is
/// wanted kept where it is.
struct IDXImages {
    /// How many images there are.
    let count: Int
    let shape: ImageShape
    let source: any PixelSource

    init(_ path: String, remedy: String) throws(DataError) {
        let dimensions = 3
        let header = IDX.headerBytes(dimensions: dimensions)
        let file = try DataFile(path, limit: .max, remedy: remedy)
        var bytes = try file.bytes(at: [0..<min(header, file.byteCount)])
        var byteCount = file.byteCount
        let isPacked = Gzip.isGzip(bytes)
        if isPacked {
            switch Gzip.unpack(try WholeFile.bytes(of: path, remedy: remedy)) {
            case .success(let unpacked): bytes = unpacked
            case .failure(let problem): throw DataError(.malformed, path, problem.description, remedy: remedy)
            }
            byteCount = bytes.count
        }
        switch IDX.shape(header: bytes, byteCount: byteCount, dimensions: dimensions) {
        case .success(let extents):
            count = extents[0]
            shape = ImageShape(channels: 1, height: extents[1], width: extents[2])
        case .failure(let problem): throw DataError(.malformed, path, problem.sentence, remedy: remedy)
        }
        source =
            isPacked
            ? HeldPixels(bytes: bytes, start: header, recordBytes: shape.count)
            : RecordFiles(files: [file], recordsPerFile: [count], start: header, imageBytes: shape.count)
    }
}
