internal import Randomness

/// One end of an edge whose ends average their vectors along a few directions (PowerGossip): the factors that both ends
/// have, to the bit, and the own product with them. Rank and layout are told with every call, the same ones each time.
public struct PowerEdge: Sendable {
    /// The factors of all matrices, column behind column; empty before the first exchange.
    public private(set) var factors: [Float]
    /// What this end sent in the exchange under way, or the last one; empty before the first.
    public private(set) var product: [Float]
    /// Exchanges that are over: matrices are multiplied in every other one, their transposes in the others.
    public private(set) var round: UInt64
    /// What both ends draw factors from.
    public let seed: UInt64

    /// An edge that both ends begin from one seed, or as it was saved: see `fits`.
    public init(seed: UInt64, round: UInt64 = 0, factors: [Float] = [], product: [Float] = []) {
        self.seed = seed
        self.round = round
        self.factors = factors
        self.product = product
    }

    /// Whether its numbers are as many as such an edge has: else it is of another model, and nothing may be done with
    /// it.
    public func fits(rank: Int, layout: CompressionLayout) -> Bool {
        let count = layout.blocks.reduce(0) { $0 + ($1.hasFactors(rank) ? rank * factorLength($1) : 0) }
        let isFresh = round == 0 && factors.isEmpty
        return (isFresh || factors.count == count)
            && (product.isEmpty || round > 0 || product.count == productCount(rank: rank, layout: layout))
    }

    /// Numbers in a product of the exchange under way.
    public func productCount(rank: Int, layout: CompressionLayout) -> Int {
        layout.blocks.reduce(0) { $0 + ($1.hasFactors(rank) ? rank * productLength($1) : $1.count) }
    }

    private var isTransposed: Bool { round % 2 == 1 }
    private func factorLength(_ block: CompressionLayout.Block) -> Int { isTransposed ? block.rows : block.columns }
    private func productLength(_ block: CompressionLayout.Block) -> Int { isTransposed ? block.columns : block.rows }

    /// The product of this end's vector with the factors: what the other end is sent.
    public mutating func multiply(_ values: Span<Float>, rank: Int, layout: CompressionLayout) -> [Float] {
        precondition(values.count == layout.count, "\(values.count) numbers by a layout of \(layout.count)")
        if round == 0 { factors = renewed(nil, rank, layout) }
        var (product, place): ([Float], Int) = ([], 0)
        let factors = factors
        for block in layout.blocks {
            let numbers = values.extracting(block.range)
            guard block.hasFactors(rank) else {
                for index in numbers.indices { product.append(numbers[index]) }
                continue
            }
            for _ in 0..<rank {
                let factor = factors.span.extracting(place..<place + factorLength(block))
                product +=
                    isTransposed
                    ? Kernels.product(transposed: numbers, block, times: factor)
                    : Kernels.product(numbers, block, times: factor)
                place += factorLength(block)
            }
        }
        self.product = product
        return product
    }

    /// Goes a share of the way to the other end, as far as the factors show it, and makes the next factors of what both
    /// ends' products differ by. Both ends do this once in an exchange, with the same share; they add opposite numbers.
    ///
    /// - Parameter isGreater: Whether this end is the one whose vector the other one's is subtracted from.
    public mutating func mix(
        _ other: Span<Float>, isGreater: Bool, weight: Float, into values: inout MutableSpan<Float>, rank: Int,
        layout: CompressionLayout
    ) {
        let count = productCount(rank: rank, layout: layout)
        precondition(other.count == count && product.count == count, "products of another exchange are mixed")
        let step = isGreater ? -weight : weight
        let differences = product.indices.map { isGreater ? product[$0] - other[$0] : other[$0] - product[$0] }
        var (next, factorPlace, place): ([Float], Int, Int) = ([], 0, 0)
        for block in layout.blocks {
            guard block.hasFactors(rank) else {
                for index in 0..<block.count {
                    let move = step * differences[place + index]
                    values[block.offset + index] += move
                }
                place += block.count
                continue
            }
            let length = productLength(block)
            next += differences[place..<place + rank * length]
            for _ in 0..<rank {
                let factor = factors.span.extracting(factorPlace..<factorPlace + factorLength(block))
                let move = differences[place..<place + length].map { step * $0 }
                if isTransposed {
                    Kernels.addOuter(factor, move.span, to: &values, block)
                } else {
                    Kernels.addOuter(move.span, factor, to: &values, block)
                }
                place += length
                factorPlace += factorLength(block)
            }
        }
        round += 1
        factors = renewed(next, rank, layout)
    }

    /// The columns made orthonormal, matrix by matrix; those that have come to nothing are drawn before.
    private func renewed(_ columns: [Float]?, _ rank: Int, _ layout: CompressionLayout) -> [Float] {
        var stream = RandomStream(seed: seed, purpose: .algorithm, round: round)
        var (numbers, place): ([Float], Int) = ([], 0)
        for block in layout.blocks where block.hasFactors(rank) {
            let length = factorLength(block)
            let known = columns.map { Array($0[place..<place + rank * length]) }
            var matrix = Columns(known ?? [], count: rank, length: length)
            for column in 0..<rank { matrix.renew(column, &stream) }
            matrix.orthonormalize()
            numbers += matrix.numbers
            place += rank * length
        }
        return numbers
    }
}

extension CompressionLayout.Block {
    /// Whether it is a matrix that is larger than two factors of so many columns.
    func hasFactors(_ rank: Int) -> Bool { rows > 1 && rank * (rows + columns) < count }
}
