import CLAPACK

/// The eigenvalues of small dense matrices, by LAPACK.
enum Eigenvalues {
    /// The moduli of all eigenvalues of a square matrix given by its rows, descending.
    ///
    /// A symmetric matrix goes to `dsyev`, any other to `dgeev`. What lies below the rounding of the method is told as
    /// 0.
    static func moduli(of rows: [[Double]]) -> [Double] {
        let count = rows.count
        let isSymmetric = rows.indices.allSatisfy { i in rows.indices.allSatisfy { rows[i][$0] == rows[$0][i] } }
        let moduli = isSymmetric ? symmetric(rows) : general(rows)
        let greatest = moduli.max() ?? 0
        let rounding = Double(count) * greatest.ulp
        return moduli.map { $0 <= rounding ? 0 : $0 }.sorted(by: >)
    }

    private static func symmetric(_ rows: [[Double]]) -> [Double] {
        var matrix = rows.flatMap { $0 }
        var order = Int32(rows.count)
        var leading = order
        var values = [Double](repeating: 0, count: rows.count)
        var workLength = Int32(max(1, 66 * rows.count))
        var work = [Double](repeating: 0, count: Int(workLength))
        var info: Int32 = 0
        dsyev_("N", "U", &order, &matrix, &leading, &values, &work, &workLength, &info, 1, 1)
        precondition(info == 0, "dsyev ended with \(info) on a finite symmetric matrix of order \(rows.count)")
        return values.map(abs)
    }

    private static func general(_ rows: [[Double]]) -> [Double] {
        // A matrix and its transpose have the same eigenvalues, so rows may stand for columns.
        var matrix = rows.flatMap { $0 }
        var order = Int32(rows.count)
        var leading = order
        var one: Int32 = 1
        var (real, imaginary) = (
            [Double](repeating: 0, count: rows.count), [Double](repeating: 0, count: rows.count)
        )
        var (left, right) = ([0.0], [0.0])
        var (leadingLeft, workLength) = (one, Int32(max(1, 66 * rows.count)))
        var work = [Double](repeating: 0, count: Int(workLength))
        var info: Int32 = 0
        dgeev_(
            "N", "N", &order, &matrix, &leading, &real, &imaginary, &left, &leadingLeft, &right, &one, &work,
            &workLength, &info, 1, 1)
        precondition(info == 0, "dgeev ended with \(info) on a finite matrix of order \(rows.count)")
        return zip(real, imaginary).map { ($0 * $0 + $1 * $1).squareRoot() }
    }
}
