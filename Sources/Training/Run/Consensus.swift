import Vectors

/// The average of the peers' models, and how far they are from it.
struct Consensus {
    let model: Payload
    /// Root of the mean over the peers of the squared distance to the average.
    let distance: Double

    init(of models: [Payload]) {
        let count = models[0].count
        var store = VectorStore(count: count, capacity: 1)
        let weight = 1 / Double(models.count)
        store.combine(
            into: 0, range: 0..<count, models.map { VectorStore.Term(weight: weight, source: .payload($0)) })
        let average = store.snapshot(0, range: 0..<count)
        let squares = models.map { model in
            model.read { numbers in average.read { squaredDistance(numbers, $0) } }
        }
        model = average
        distance = (squares.reduce(0, +) * weight).squareRoot()
    }
}
