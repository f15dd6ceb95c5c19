internal import COneDNN
import Models

extension Planner {
    /// Appends a primitive with its arguments and the scratch memory it asks for.
    mutating func run(_ primitive: Primitive, _ arguments: [(role: conednn_role, slice: BufferSlice)]) {
        let scratch = primitive.byteCount(of: conednn_scratchpad)
        let arguments = arguments + (scratch == 0 ? [] : [(conednn_scratchpad, bytes(scratch))])
        append(arguments.map(\.slice)) { memory, _ in
            for argument in arguments {
                primitive.place(argument.role, at: memory.floats(argument.slice))
            }
            primitive.execute()
        }
    }

    /// So many numbers as convolutions and products take them: as they are, or a copy that is rounded to bf16.
    mutating func factor(_ slice: BufferSlice, count: Int) throws(OneDNNError) -> BufferSlice {
        guard precision == .bf16 else { return slice }
        let rounded = bytes(count * MemoryLayout<UInt16>.stride)
        run(
            try Primitive(roundingToBFloat16: count), [(conednn_source, slice), (conednn_destination, rounded)])
        return rounded
    }

    /// result (rows, columns) = op(left) op(right), all plain and row-major, by oneDNN's matrix product; left and right
    /// are factors.
    mutating func multiply(
        rows: Int, columns: Int, inner: Int, _ left: BufferSlice, transposesLeft: Bool = false,
        _ right: BufferSlice, transposesRight: Bool = false, into result: BufferSlice
    ) throws(OneDNNError) {
        if precision == .bf16 {
            let shape = conednn_product(
                rows: Int64(rows), columns: Int64(columns), inner: Int64(inner), transposes_left: transposesLeft,
                transposes_right: transposesRight)
            return run(
                try Primitive(shape),
                [(conednn_source, left), (conednn_weights, right), (conednn_destination, result)])
        }
        append([left, right, result]) { memory, _ in
            let status = conednn_matrix_product(
                transposesLeft ? letterT : letterN, transposesRight ? letterT : letterN, Int64(rows), Int64(columns),
                Int64(inner), memory.floats(left), Int64(transposesLeft ? rows : inner), memory.floats(right),
                Int64(transposesRight ? inner : columns), memory.floats(result), Int64(columns))
            precondition(
                status == 0, "oneDNN's matrix product of \(rows) x \(inner) x \(columns) failed, status \(status)")
        }
    }
}

private let letterT = CChar(UInt8(ascii: "T"))
private let letterN = CChar(UInt8(ascii: "N"))
