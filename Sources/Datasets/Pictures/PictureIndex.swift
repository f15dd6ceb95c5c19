/// All pictures of a folder or of archives, by name: which there are and of which class each is.
struct PictureIndex {
    /// The pictures of training or of testing, and the class of each.
    struct Part {
        /// Their names within the part: `CLASS/NAME.jpg`, or `KEY.jpg`.
        var places: [PictureFiles.Place] = []
        /// What stands beside pictures: the class of KEY in `KEY.cls`.
        var labelPlaces: [PictureFiles.Place] = []
    }

    let root: String
    private(set) var archives: [ByteStore] = []
    private(set) var train = Part()
    private(set) var test = Part()

    static let remedyForMissing =
        "name by data.path a folder that holds train/CLASS/*.jpg and test/CLASS/*.jpg (or val "
        + "for test; PNG will do too), or a tar archive of one, or the folder of tar shards train-*.tar and test-*.tar"
    private static let testNames: Set<String> = ["test", "val", "valid", "validation"]

    /// Lists what is there. Reads no picture.
    init(_ root: String) throws(DataError) {
        self.root = root
        guard WholeFile.isDirectory(root) else {
            try add(archive: root, prefix: "")
            return
        }
        let files = FolderListing.files(below: root)
        let shards = files.filter { Self.hasEnding($0, of: ["tar", "tar.gz", "tgz"]) }
        for shard in shards { try add(archive: "\(root)/\(shard)", prefix: Self.prefix(ofShard: shard)) }
        guard shards.isEmpty else { return }
        for file in files { add(PictureFiles.Place(name: file), inner: file) }
        try refuseEmptyFolders()
    }

    /// The part that a shard belongs to by its name or its folder's.
    private static func prefix(ofShard name: String) -> String {
        let word = name.prefix { $0.isLetter }.lowercased()
        return word == "train" || testNames.contains(word) ? "\(word)/" : ""
    }

    private mutating func add(archive path: String, prefix: String) throws(DataError) {
        let store = try ByteStore(path, remedy: PictureFiles.remedyForArchive)
        for member in try Tar.members(of: store) {
            let place = PictureFiles.Place(name: member.name, archive: archives.count, range: member.range)
            let isWithin = Self.part(of: member.name).map { "\($0)/" == prefix } ?? false
            add(place, inner: isWithin ? member.name : prefix + member.name)
        }
        archives.append(store)
    }

    /// The first folder of a name, where it is one of the parts.
    private static func part(of name: String) -> String? {
        guard let slash = name.firstIndex(of: "/") else { return nil }
        let first = String(name[..<slash])
        return first == "train" || testNames.contains(first) ? first : nil
    }

    private mutating func add(_ place: PictureFiles.Place, inner: String) {
        let isPicture = Self.hasEnding(inner, of: ["jpg", "jpeg", "png"])
        guard isPicture || Self.hasEnding(inner, of: ["cls"]) else { return }
        let part = Self.part(of: inner)
        var place = place
        place.label = String(part.map { inner.dropFirst($0.count + 1) } ?? inner[...])
        func put(into part: inout Part) {
            if isPicture { part.places.append(place) } else { part.labelPlaces.append(place) }
        }
        if part == nil || part == "train" { put(into: &train) } else { put(into: &test) }
    }

    static func hasEnding(_ name: String, of endings: [String]) -> Bool {
        let name = name.lowercased()
        return endings.contains { name.hasSuffix(".\($0)") }
    }

    private func refuseEmptyFolders() throws(DataError) {
        let parts = FolderListing.names(in: root).filter { Self.part(of: "\($0)/") != nil }
        for part in parts.isEmpty ? [""] : parts {
            let folder = part.isEmpty ? root : "\(root)/\(part)"
            let places = part.isEmpty || part == "train" ? train.places : test.places
            let full = Set(places.map { $0.label.prefix { $0 != "/" } })
            let empty = FolderListing.names(in: folder).first {
                WholeFile.isDirectory("\(folder)/\($0)") && !full.contains($0[...])
            }
            if let empty {
                throw DataError(
                    .malformed, "\(folder)/\(empty)", "is the folder of a class and holds no JPEG or PNG file",
                    remedy: "remove it, or put pictures into it")
            }
        }
    }
}
