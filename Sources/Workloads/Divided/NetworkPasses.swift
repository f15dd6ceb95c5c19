package import Compute
package import Datasets
package import Gossip
package import Models
import Randomness
import Runtime
import Synchronization
package import Vectors

/// One peer's passes through its stage of a network, and those of whom it stands in for.
///
/// Microbatch n is part n mod k of batch n / k: so many of its samples, of which a slot has a block or, where neurons
/// are shared, all. What dropout draws follows from the seed and n. Norms go by the statistics of the microbatch.
package final class NetworkPasses: PassWork {
    private let network: Network
    private let stage: Range<Int>
    private let division: Division
    private let settings: PassSettings
    private let batches: Mutex<NumberedBatches>
    private let parts: PlanCache
    private let knownShares = Mutex<[PassPlan.Key: [Double]]>([:])
    package let vectorCount: Int
    package var slots: Int { division.peersPerStage }

    /// Makes the plans of one slot, which find what cannot be computed.
    ///
    /// - Parameters:
    ///   - stage: the stage's layers.
    ///   - slot: the peer's own place in the stage.
    ///   - sampler: whose batches the peers learn from.
    ///   - parts: where the plans are, or will be.
    package init(
        _ network: Network, stage: Range<Int>, slot: Int, _ division: Division, sampler: Sampler,
        settings: PassSettings, sharing parts: PlanCache
    ) throws(OneDNNError) {
        self.network = network
        self.stage = stage
        self.division = division
        self.settings = settings
        self.parts = parts
        vectorCount = StagePiece(layers: stage).vectorRange(of: network).count
        batches = Mutex(NumberedBatches(of: sampler))
        for size in sampler.batchSizes {
            let piece = piece(of: slot)
            let rows = size / division.microbatches
            parts.giveBack(try parts.passPlan(network, piece, rows: rows, settings))
        }
    }

    private func piece(of slot: Int) -> StagePiece { StagePiece(layers: stage, share: division.share(of: slot)) }

    /// The batch that a microbatch is part of, and which of its samples are the microbatch's.
    private func rows(of microbatch: UInt64) -> (batch: UInt64, rows: Range<Int>) {
        let (batch, part) = microbatch.quotientAndRemainder(dividingBy: UInt64(division.microbatches))
        let size = batches.withLock { $0.count(of: batch) } / division.microbatches
        return (batch, (Int(part) * size)..<((Int(part) + 1) * size))
    }

    package func begin(_ pass: Pass, at model: Payload, _ pool: PayloadPool) -> any PassUnderWay {
        let (batch, rows) = rows(of: pass.microbatch)
        let plan = plan(pass, rows: rows.count)
        plan.begin(
            at: model, dropout: RandomStream(seed: settings.seed, purpose: .dropout, peer: 0, round: pass.microbatch),
            gradient: pool.block(count: vectorCount))
        if plan.readsSamples {
            let own = (rows.lowerBound + plan.rows.lowerBound)..<(rows.lowerBound + plan.rows.upperBound)
            batches.withLock { batches in
                plan.withInput { images, labels in batches.fill(own, of: batch, images: &images, labels: &labels) }
            }
        }
        return NetworkPass(plan, reports: division.split == .rows || pass.slot == 0, settings.shaping, parts)
    }

    private func plan(_ pass: Pass, rows: Int) -> PassPlan {
        do throws(OneDNNError) {
            return try parts.passPlan(network, piece(of: pass.slot), rows: rows, settings)
        } catch {
            // The peer's own plans could be made, and those of the other slots are of the same kind.
            preconditionFailure("no plan for slot \(pass.slot) of layers \(stage): \(error)")
        }
    }

    package var gradientWork: Double {
        network.multiplicationsPerSampleInTraining * Double(batches.withLock { $0.count(of: 0) })
    }

    package func samples(of pass: Pass) -> Int { rows(of: pass.microbatch).rows.count }

    package func shares(of pass: Pass) -> [Double] {
        let key = PassPlan.Key(piece: piece(of: pass.slot), rows: rows(of: pass.microbatch).rows.count)
        if let known = knownShares.withLock({ $0[key] }) { return known }
        let plan = plan(pass, rows: key.rows)
        defer { parts.giveBack(plan) }
        let work = work(key, rows: plan.rows.count)
        let shares = PassShares.make(stops: plan.stops, forward: work.forward, backward: work.backward)
        knownShares.withLock { $0[key] = shares }
        return shares
    }

    /// The multiplications of a pass as a share of those of a gradient of the whole network and batch: by the rows, or
    /// where neurons are shared by the channels of each layer that a slot computes. Forward each weight is multiplied
    /// once for each place of its layer, backward twice, for the gradients of the weights and of the input, which the
    /// first layer with weights has no need of.
    private func work(_ key: PassPlan.Key, rows: Int) -> (forward: Double, backward: Double) {
        let first = network.layers.flatMap(\.all).first { $0.multiplicationsPerSample > 0 }?.number
        let samples = Double(key.rows * division.microbatches)
        let whole = max(1, network.multiplicationsPerSampleInTraining * samples)
        var (forward, backward) = (0.0, 0.0)
        for layer in network.layers[stage].flatMap(\.all) where layer.multiplicationsPerSample > 0 {
            let own = key.piece.neuronShare.map { share in
                Double(share.channels(of: layer.outputShape[0]).own.count) / Double(layer.outputShape[0])
            }
            let work = layer.multiplicationsPerSample * (own ?? 1) * Double(rows) / whole
            forward += work
            backward += layer.number == first ? work : 2 * work
        }
        return (forward, backward)
    }
}

extension Division {
    /// The share of a slot in the work of its stage.
    package func share(of slot: Int) -> Share {
        Share(split == .rows ? .rows : .neurons, slot: slot, of: peersPerStage)
    }
}
