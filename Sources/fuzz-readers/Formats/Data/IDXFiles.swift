/// Images and labels of the MNIST family, three of each.
enum IDXFiles {
    static let trainImages = "train-images-idx3-ubyte"
    static let trainLabels = "train-labels-idx1-ubyte"

    static var all: [String: [UInt8]] {
        let images: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 2] + (0..<12).map { 20 * $0 }
        let labels: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 3, 2, 0, 1]
        return [
            trainImages: images, trainLabels: labels, "t10k-images-idx3-ubyte": images,
            "t10k-labels-idx1-ubyte": labels,
        ]
    }
}
