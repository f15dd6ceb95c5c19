import Gossip
package import Vectors

/// The average of the peers' models, and how far they are from it.
package struct Consensus {
    package let model: Payload
    /// Root of the mean over the peers of the squared distance to the average.
    package let distance: Double

    /// Of models that are looked at one after the other, twice: thousands of them need not lie in memory at a time.
    package init(count: Int, models: Int, _ model: (Int) -> Payload) {
        var sums = [Double](repeating: 0, count: count)
        for index in 0..<models {
            model(index).read { numbers in
                for place in numbers.indices { sums[place] += Double(numbers[place]) }
            }
        }
        let average = Payload(sums.map { Float($0 / Double(models)) })
        var squares = 0.0
        for index in 0..<models {
            squares += model(index).read { numbers in average.read { squaredDistance(numbers, $0) } }
        }
        self.model = average
        distance = (squares / Double(models)).squareRoot()
    }

    package init(of models: [Payload]) {
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
