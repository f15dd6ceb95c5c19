internal import COneDNN

/// Runs a oneDNN primitive on places of the plan.
struct RunPrimitive: Instruction {
    let primitive: Primitive
    let arguments: [(role: conednn_role, place: Place)]

    var buffers: [Buffer] { arguments.map(\.place.buffer) }

    func run(in memory: borrowing Memory, _ state: inout RunState) {
        for argument in arguments {
            primitive.place(argument.role, at: memory.floats(argument.place))
        }
        primitive.execute()
    }
}

/// result (rows, columns) = op(left) op(right), all plain and row-major, by oneDNN's matrix product.
struct MatrixProduct: Instruction {
    let rows: Int
    let columns: Int
    let inner: Int
    let left: Place
    var transposesLeft = false
    let right: Place
    var transposesRight = false
    let result: Place

    var buffers: [Buffer] { [left.buffer, right.buffer, result.buffer] }

    func run(in memory: borrowing Memory, _ state: inout RunState) {
        let status = conednn_matrix_product(
            transposesLeft ? letterT : letterN, transposesRight ? letterT : letterN, Int64(rows), Int64(columns),
            Int64(inner), memory.floats(left), Int64(transposesLeft ? rows : inner), memory.floats(right),
            Int64(transposesRight ? inner : columns), memory.floats(result), Int64(columns))
        precondition(status == 0, "oneDNN's matrix product of \(rows) x \(inner) x \(columns) failed, status \(status)")
    }
}

private let letterT = CChar(UInt8(ascii: "T"))
private let letterN = CChar(UInt8(ascii: "N"))
