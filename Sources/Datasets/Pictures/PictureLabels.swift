/// Of which class each picture is: by its folder, or by the number in a file beside it (WebDataset's `KEY.cls`).
struct PictureLabels {
    let classes: [String]
    let train: [Int32]
    let test: [Int32]

    /// No more classes are believed.
    private static let mostClasses = 1 << 20

    init(_ index: PictureIndex) throws(DataError) {
        let parts = [index.train, index.test]
        guard parts.allSatisfy(\.labelPlaces.isEmpty) else {
            train = try Self.numbers(index.train, index)
            test = try Self.numbers(index.test, index)
            let count = 1 + Int(max(train.max() ?? 0, test.max() ?? 0))
            classes = (0..<count).map { "class \($0)" }
            return
        }
        let names = Set(index.train.places.compactMap { Self.folder($0.label) }).sorted()
        let labels = [String: Int32](uniqueKeysWithValues: zip(names, 0...))
        func numbers(of part: PictureIndex.Part) throws(DataError) -> [Int32] {
            var found: [Int32] = []
            for place in part.places {
                guard let name = Self.folder(place.label) else {
                    throw Self.malformed(index, place, "lies in no folder of a class, and has no .cls file beside it")
                }
                guard let label = labels[name] else {
                    throw Self.malformed(
                        index, place, "is of the class \(name), of which there are no training pictures")
                }
                found.append(label)
            }
            return found
        }
        train = try numbers(of: index.train)
        test = try numbers(of: index.test)
        classes = names
    }

    private static func folder(_ name: String) -> String? {
        name.firstIndex(of: "/").map { String(name[..<$0]) }
    }

    /// What is common to the files of a sample: the name up to the first point behind the last slash.
    private static func key(_ name: String) -> String {
        let file = name.lastIndex(of: "/").map { name.index(after: $0) } ?? name.startIndex
        return String(name[..<(name[file...].firstIndex(of: ".") ?? name.endIndex)])
    }

    private static func numbers(_ part: PictureIndex.Part, _ index: PictureIndex) throws(DataError) -> [Int32] {
        let files = PictureFiles(root: index.root, archives: index.archives, places: part.labelPlaces)
        var numbers: [String: Int32] = [:]
        for (file, place) in part.labelPlaces.enumerated() {
            let text = String(decoding: try files.bytes(of: file).prefix(32), as: UTF8.self)
            let digits = text.prefix { !$0.isWhitespace }
            guard let number = Int32(digits), (0..<Int32(mostClasses)).contains(number) else {
                throw malformed(index, place, "holds '\(digits)', where the number of a class is expected")
            }
            numbers[key(place.label)] = number
        }
        var labels: [Int32] = []
        for place in part.places {
            guard let number = numbers[key(place.label)] else {
                throw malformed(index, place, "has no .cls file of the same name, which tells its class")
            }
            labels.append(number)
        }
        return labels
    }

    private static func malformed(
        _ index: PictureIndex, _ place: PictureFiles.Place, _ problem: String
    ) -> DataError {
        let files = PictureFiles(root: index.root, archives: index.archives, places: [place])
        return DataError(.malformed, files.name(of: 0), problem, remedy: PictureIndex.remedyForMissing)
    }
}
