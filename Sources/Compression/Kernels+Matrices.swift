internal import CKernels

extension Kernels {
    /// matrix * factor: a number for each row.
    static func product(
        _ matrix: Span<Float>, _ block: CompressionLayout.Block, times factor: Span<Float>
    ) -> [Float] {
        check(matrix.count, block)
        precondition(factor.count == block.columns, "\(factor.count) numbers for \(block.columns) columns")
        var output = [Float](repeating: 0, count: block.rows)
        matrix.withUnsafeBufferPointer { matrix in
            factor.withUnsafeBufferPointer { factor in
                guard let matrix = matrix.baseAddress, let factor = factor.baseAddress else { return }
                kernel_matrix_times(Int64(block.rows), Int64(block.columns), matrix, factor, &output)
            }
        }
        return output
    }

    /// The transposed matrix * factor: a number for each column.
    static func product(
        transposed matrix: Span<Float>, _ block: CompressionLayout.Block, times factor: Span<Float>
    ) -> [Float] {
        check(matrix.count, block)
        precondition(factor.count == block.rows, "\(factor.count) numbers for \(block.rows) rows")
        var output = [Float](repeating: 0, count: block.columns)
        matrix.withUnsafeBufferPointer { matrix in
            factor.withUnsafeBufferPointer { factor in
                guard let matrix = matrix.baseAddress, let factor = factor.baseAddress else { return }
                kernel_add_rows(Int64(block.rows), Int64(block.columns), matrix, factor, &output)
            }
        }
        return output
    }

    /// Adds left * right to the matrix that lies there.
    static func addOuter(
        _ left: Span<Float>, _ right: Span<Float>, to values: inout MutableSpan<Float>,
        _ block: CompressionLayout.Block
    ) {
        precondition(block.range.upperBound <= values.count, "\(block.range) of \(values.count) numbers")
        precondition(left.count == block.rows && right.count == block.columns, "factors of another matrix")
        values.withUnsafeMutableBufferPointer { values in
            left.withUnsafeBufferPointer { left in
                right.withUnsafeBufferPointer { right in
                    guard let left = left.baseAddress, let right = right.baseAddress,
                        let values = values.baseAddress
                    else { return }
                    kernel_add_outer(
                        Int64(block.rows), Int64(block.columns), left, right, values + block.offset)
                }
            }
        }
    }

    private static func check(_ count: Int, _ block: CompressionLayout.Block) {
        precondition(count == block.count, "\(count) numbers for \(block.rows) x \(block.columns)")
    }
}
