/// Images or labels of the MNIST family.
struct IDXFormat: FileFormat {
    static let name = "idx"
    static let mostBytes = 512
    static let kind = Mutator.Kind.bytes

    private let images: DataFolder
    private let labels: DataFolder

    init(in folder: String) throws {
        images = try DataFolder(of: "mnist", in: "\(folder)/images", IDXFiles.all)
        labels = try DataFolder(of: "mnist", in: "\(folder)/labels", IDXFiles.all)
    }

    func read(_ bytes: [UInt8]) throws {
        // The fourth byte tells how many extents there are: labels have one.
        if bytes.count > 3, bytes[3] == 1 {
            try labels.read(bytes, as: IDXFiles.trainLabels)
        } else {
            try images.read(bytes, as: IDXFiles.trainImages)
        }
    }
}
