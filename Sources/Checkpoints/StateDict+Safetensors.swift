import Runtime
package import Safetensors

/// Named numbers as the tensors of a file: vectors as F32, words as I64.
extension StateDict {
    package var tensors: [Tensor] {
        vectors.map { Tensor(name: $0.key, shape: [$0.value.count], floats: $0.value) }
            + words.map { Tensor(name: $0.key, shape: [$0.value.count], words: $0.value) }
    }

    package init(_ file: SafetensorsFile) {
        self.init()
        for tensor in file.tensors {
            if let floats = tensor.floats {
                vectors[tensor.name] = floats
            } else if let integers = tensor.integers {
                words[tensor.name] = integers.map { UInt64(bitPattern: Int64($0)) }
            }
        }
    }
}
