internal import COneDNN

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

    /// result (rows, columns) = op(left) op(right), all plain and row-major, by oneDNN's matrix product.
    mutating func multiply(
        rows: Int, columns: Int, inner: Int, _ left: BufferSlice, transposesLeft: Bool = false,
        _ right: BufferSlice, transposesRight: Bool = false, into result: BufferSlice
    ) {
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
