import CMurmur
import Configuration
import Gossip
import Vectors

/// The tensors of one of the caller's models: names, shapes, and where their numbers lie.
struct SimulatedTensors {
    private struct Tensor {
        let name: String
        let shape: [Int]
        let count: Int
    }

    private let tensors: [Tensor]
    /// Where the numbers lie; touched only within the calls by which the caller has lent it.
    let memory: TensorMemory

    /// Numbers in all of them.
    var count: Int { memory.count }

    /// Throws for tensors that no peer can learn with, with the name of the first as the key.
    init(_ given: UnsafeBufferPointer<murmur_tensor>) throws(ConfigurationError) {
        var tensors: [Tensor] = []
        for tensor in given {
            let name = tensor.name.map { String(cString: $0) } ?? "number \(tensors.count)"
            let shape = UnsafeBufferPointer(lent: tensor.shape, count: UInt64(tensor.dimensions)).map { Int($0) }
            var count = 1
            for extent in shape {
                let (product, isTooMany) = count.multipliedReportingOverflow(by: extent)
                guard extent >= 0, !isTooMany else {
                    throw ConfigurationError(key: name, "a tensor of shape \(shape) cannot be; look at its shape")
                }
                count = product
            }
            guard let data = tensor.data, UInt(bitPattern: data).isMultiple(of: 4) else {
                throw ConfigurationError(
                    key: name, "its numbers lie nowhere, or not at a multiple of 4 bytes; hand in float32 numbers")
            }
            tensors.append(Tensor(name: name, shape: shape, count: count))
        }
        self.tensors = tensors
        memory = TensorMemory(given.map(\.data), counts: tensors.map(\.count))
        guard memory.count > 0 else {
            throw ConfigurationError(key: nil, "a model without a number cannot learn; hand in its float32 parameters")
        }
    }

    /// Which tensor lies where in a vector of all of them.
    var layout: VectorLayout { VectorLayout(tensors.map { (name: $0.name, shape: $0.shape) }) }

    /// The tensors as matrices, a row for each output; those of one dimension are one row.
    var extents: [Factoring.Extent] {
        tensors.filter { $0.count > 0 }.map { tensor in
            let rows = tensor.shape.count > 1 ? tensor.shape[0] : 1
            return Factoring.Extent(rows: rows, columns: tensor.count / rows)
        }
    }

    /// The first difference of the model of peer `number` from that of peer 0, in words; nil where there is none.
    func difference(of number: Int, from first: SimulatedTensors) -> String? {
        for (mine, theirs) in zip(tensors, first.tensors) where mine.name != theirs.name || mine.shape != theirs.shape {
            return mine.name == theirs.name
                ? "parameter \(mine.name) is \(theirs.shape) at peer 0 and \(mine.shape) at peer \(number)"
                : "a parameter is \(theirs.name) at peer 0 and \(mine.name) at peer \(number)"
        }
        return tensors.count == first.tensors.count
            ? nil : "peer 0 has \(first.tensors.count) parameters, and peer \(number) has \(tensors.count)"
    }

    /// The first two of many models that share a number, in words; nil where none do.
    static func overlap(_ models: [SimulatedTensors]) -> String? {
        let ranges = models.enumerated().flatMap { peer, model in model.memory.ranges.map { (range: $0, peer: peer) } }
        let sorted = ranges.sorted { ($0.range.lowerBound, $0.peer) < ($1.range.lowerBound, $1.peer) }
        for (one, other) in zip(sorted, sorted.dropFirst()) where one.range.upperBound > other.range.lowerBound {
            return one.peer == other.peer
                ? "two parameters of peer \(one.peer) share storage; hand in each once"
                : "peers \(one.peer) and \(other.peer) share parameters; give each a model of its own"
        }
        return nil
    }
}
