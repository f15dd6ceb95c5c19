/// CIFAR-10 made from pictures.
extension CIFARCollection {
    private static let remedyForPictures =
        "name a folder, or a tar archive of one, that holds train/CLASS/*.jpg and test/CLASS/*.jpg of 32 x 32 pixels "
        + "for the classes \(cifar10.classes.joined(separator: ", ")), equally many of each"

    /// Hands over the six files of the binary form, one after the other: the pictures of each class in the order of
    /// their names, the classes taking turns.
    static func cifar10(from source: String, _ write: (_ name: String, _ bytes: [UInt8]) throws -> Void) throws {
        let collection = cifar10
        guard WholeFile.exists(source) else {
            throw DataError(.missing, source, "is not there", remedy: remedyForPictures)
        }
        let index = try PictureIndex(source)
        let labels = try PictureLabels(index)
        guard labels.classes == collection.classes else {
            throw DataError(
                .malformed, source, "holds the classes \(labels.classes.joined(separator: ", "))",
                remedy: remedyForPictures)
        }
        let files = collection.trainFiles
        let train = try order(labels.train, of: source)
        guard train.count % files.count == 0 else {
            throw DataError(
                .malformed, source, "holds \(train.count) training pictures, which make no \(files.count) files",
                remedy: remedyForPictures)
        }
        let each = train.count / files.count
        for (number, name) in files.enumerated() {
            try write(
                name, try records(train[(number * each)..<((number + 1) * each)], index.train, labels.train, index))
        }
        let test = try order(labels.test, of: source)
        try write(collection.testFile, try records(test[...], index.test, labels.test, index))
    }

    /// Classes in turn, of which each must have equally many pictures.
    private static func order(_ labels: [Int32], of source: String) throws(DataError) -> [Int] {
        var members = [[Int]](repeating: [], count: cifar10.classes.count)
        for (picture, label) in labels.enumerated() { members[Int(label)].append(picture) }
        let count = members[0].count
        if count == 0 || members.contains(where: { $0.count != count }) {
            let counts = members.map { "\($0.count)" }.joined(separator: ", ")
            throw DataError(
                .malformed, source, "holds \(counts) pictures of the classes, not equally many",
                remedy: remedyForPictures)
        }
        return (0..<count).flatMap { turn in members.map { $0[turn] } }
    }

    private static func records(
        _ pictures: ArraySlice<Int>, _ part: PictureIndex.Part, _ labels: [Int32], _ index: PictureIndex
    ) throws(DataError) -> [UInt8] {
        let files = PictureFiles(root: index.root, archives: index.archives, places: part.places)
        let whole = Window(left: 0, top: 0, width: shape.width, height: shape.height)
        var bytes: [UInt8] = []
        for number in pictures {
            let picture = try files.picture(number)
            guard picture.width == shape.width, picture.height == shape.height else {
                throw DataError(
                    .malformed, files.name(of: number), "has \(picture.width) x \(picture.height) pixels, not 32 x 32",
                    remedy: remedyForPictures)
            }
            do throws(Picture.Problem) {
                bytes += [UInt8(labels[number])] + (try picture.cut(whole, to: shape))
            } catch {
                throw files.malformed(number, error)
            }
        }
        return bytes
    }
}
