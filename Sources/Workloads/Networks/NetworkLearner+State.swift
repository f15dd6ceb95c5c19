import Configuration
import Datasets
import Randomness
package import Runtime

/// What a checkpoint keeps of a learner: where it stands in its data, and its random streams.
extension NetworkLearner {
    package var state: StateDict {
        var numbers = StateDict(words: [
            "sampler": [sampler.state.epoch, UInt64(sampler.state.position)],
            "dropout": dropout.words,
        ])
        if statistics.values.count > 0 {
            numbers.vectors["statistics"] = statistics.values
            numbers.words["batches"] = [statistics.batches]
        }
        return numbers
    }

    package mutating func restore(_ state: StateDict) throws(StateError) {
        let hasStatistics = statistics.values.count > 0
        try state.refuseUnknown(besides: ["sampler", "dropout"] + (hasStatistics ? ["statistics", "batches"] : []))
        let place = try state.words("sampler", count: 2)
        guard let position = Int(exactly: place[1]),
            let stream = RandomStream(words: try state.words("dropout", count: 4))
        else { throw StateError("'sampler' or 'dropout' holds what neither ever is") }
        do throws(ConfigurationError) {
            try sampler.restore(Sampler.State(epoch: place[0], position: position))
        } catch {
            throw StateError(error.message)
        }
        dropout = stream
        if hasStatistics {
            statistics.values = try state.vector("statistics", count: statistics.values.count)
            statistics.batches = try state.count("batches")
        }
    }
}
