import Foundation
import TestKit

@testable import Datasets

extension Augmentation {
    static let cropFlip = Augmentation(rawValue: "crop-flip") ?? .none
}

/// The bytes of an IDX file of unsigned bytes.
func idx(_ shape: [Int], _ values: [UInt8]) -> [UInt8] {
    [0, 0, 8, UInt8(shape.count)] + shape.flatMap { bigEndian($0) } + values
}

func bigEndian(_ number: Int) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
}

extension TemporaryFolder {
    /// A data set of four small files: 6 training and 4 test images of 2 x 3 pixels, image i beginning with pixel i.
    func writeSmallCollection(in folder: String, suffix: String = "") throws {
        func images(_ count: Int) -> [UInt8] {
            idx([count, 2, 3], (0..<count).flatMap { [UInt8($0), 50, 100, 150, 200, 255] })
        }
        try write("\(folder)/train-images-idx3-ubyte\(suffix)", images(6))
        try write("\(folder)/train-labels-idx1-ubyte\(suffix)", idx([6], [0, 1, 2, 3, 9, 9]))
        try write("\(folder)/t10k-images-idx3-ubyte\(suffix)", images(4))
        try write("\(folder)/t10k-labels-idx1-ubyte\(suffix)", idx([4], [3, 2, 1, 0]))
    }
}
