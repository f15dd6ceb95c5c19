/// Pictures in their files: in folders, or within archives that are read in place.
struct PictureFiles: Sendable {
    /// Where a picture's bytes are.
    struct Place: Sendable {
        /// The path below the root, or the name within the archive.
        let name: String
        /// Which archive holds it; nil for a file of its own.
        var archive: Int?
        /// Its bytes within the archive.
        var range = 0..<0
        /// Its name within the part of the set: `CLASS/NAME.jpg` or, beside `KEY.cls`, `KEY.jpg`.
        var label = ""
    }

    let root: String
    let archives: [ByteStore]
    private(set) var places: [Place]

    static let remedyForArchive = "replace the archive by a whole copy"
    static let remedy = "replace it by a whole copy, or leave out what is damaged by data.corrupt=skip"

    /// What messages call a picture.
    func name(of picture: Int) -> String {
        let place = places[picture]
        return place.archive.map { "\(archives[$0].path), \(place.name)" } ?? "\(root)/\(place.name)"
    }

    /// The bytes of a picture's file, or the picture's place within an archive.
    func bytes(of picture: Int) throws(DataError) -> [UInt8] {
        let place = places[picture]
        if let archive = place.archive { return try archives[archive].bytes(at: place.range) }
        return try WholeFile.bytes(of: "\(root)/\(place.name)", remedy: Self.remedy)
    }

    /// A picture's beginning; throws with its name where that is none.
    func picture(_ index: Int) throws(DataError) -> Picture {
        let bytes = try bytes(of: index)
        do throws(Picture.Problem) { return try Picture(bytes) } catch { throw malformed(index, error) }
    }

    /// What is wrong with a picture, as an error that names it.
    func malformed(_ picture: Int, _ problem: Picture.Problem) -> DataError {
        DataError(.malformed, name(of: picture), problem.sentence, remedy: Self.remedy)
    }
}
