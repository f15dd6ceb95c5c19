import Safetensors

/// Named tensors. What weights of a model may be wrong in is tried by `GradientFormat`.
struct SafetensorsFormat: FileFormat {
    static let name = "safetensors"
    static let mostBytes = 1024
    static let kind = Mutator.Kind.tensors

    init(in folder: String) {}

    func read(_ bytes: [UInt8]) throws {
        let file = try SafetensorsFile(bytes: bytes, path: "weights.safetensors")
        for tensor in file.tensors {
            let counts = [tensor.floats?.count, tensor.roundedFloats?.count, tensor.integers?.count]
            precondition(counts.allSatisfy { $0 == nil || $0 == tensor.count }, "\(tensor.name) has other numbers")
        }
        // What is written is the same again; tensors without numbers may change places.
        let written = try SafetensorsFile(bytes: file.encoded(), path: "weights.safetensors")
        precondition(
            written.metadata == file.metadata && Set(written.tensors) == Set(file.tensors), "it is written otherwise")
    }
}
