package import Gossip
package import Records
package import Vectors

/// A model that is divided among the peers of a run, stage by stage: which of its numbers each peer has, and how what
/// the peers have makes whole models again.
package struct DividedModel: Sendable {
    /// The tensors of the whole model.
    package let layout: VectorLayout
    /// Which of its numbers each stage has.
    package let stages: [Range<Int>]
    /// Peers of a stage.
    package let slots: Int
    /// Which of them each slot of each stage trains, where the slots share them; nil where each trains all.
    private let shared: [[[Range<Int>]]]?
    /// Where all peers start.
    private let start: Payload

    /// - Parameters:
    ///   - stages: which numbers of the layout each stage has.
    ///   - shared: the numbers of the layout that each slot of each stage trains; nil: those of its stage.
    ///   - start: the whole model from which the run starts.
    package init(
        _ layout: VectorLayout, stages: [Range<Int>], slots: Int, shared: [[[Range<Int>]]]?,
        start: consuming FlatVector
    ) {
        self.layout = layout
        self.stages = stages
        self.slots = slots
        self.shared = shared
        self.start = Payload(start.array())
    }

    /// The stage of a peer.
    package func stage(of peer: Int) -> Int { peer / slots }
    /// Which of the stage's peers it is.
    package func slot(of peer: Int) -> Int { peer % slots }

    /// The tensors of a peer's vectors.
    package func layout(of peer: Int) -> VectorLayout {
        let range = stages[stage(of: peer)]
        return VectorLayout(
            layout.entries.compactMap { entry in
                let own = entry.range.clamped(to: range)
                guard !own.isEmpty else { return nil }
                // A tensor of which a stage has a part is a row of numbers.
                return (entry.name, own == entry.range ? entry.shape : [own.count])
            })
    }

    /// The model that a peer starts from: its stage of the common start.
    package func initialModel(of peer: Int) -> FlatVector {
        FlatVector(Array(start.array()[stages[stage(of: peer)]]))
    }

    /// How many whole models the peers have at the most: one for each slot or, where the slots share the numbers, one.
    package var modelCount: Int { shared == nil ? slots : 1 }

    /// Who holds what, for the records. `layers` are those of each stage.
    package func records(layers: [Range<Int>], _ split: Division.Split) -> [StageRecord] {
        layers.enumerated().map { stage, layers in
            StageRecord(
                stage: stage, layers: ClosedRange(layers), peers: Array(stage * slots..<(stage + 1) * slots),
                parameters: stages[stage].count, split: split.rawValue)
        }
    }

    /// The whole models of which peers have handed in their parts.
    ///
    /// Where every slot has all numbers of its stage, the model of slot j is that of slot j of every stage. In a stage
    /// where that peer is missing the first slot that is there takes its place; a stage of which nobody is there, and
    /// without which nothing is learned, is as at the start.
    package func wholeModels(of parts: [(peer: Int, model: Payload)]) -> [WholeModel] {
        let models = Dictionary(parts.map { ($0.peer, $0.model) }) { first, _ in first }
        return (0..<modelCount).compactMap { slot in
            let members = parts.map(\.peer).filter { shared != nil || self.slot(of: $0) == slot }.sorted()
            guard !members.isEmpty else { return nil }
            var whole = start.array()
            for (stage, range) in stages.enumerated() {
                let there = (0..<slots).filter { models[stage * slots + $0] != nil }
                guard let first = there.first else { continue }
                func take(_ numbers: Range<Int>, from slot: Int) {
                    models[stage * slots + slot]?.read { part in
                        for index in numbers { whole[index] = part[index - range.lowerBound] }
                    }
                }
                take(range, from: shared == nil && there.contains(slot) ? slot : first)
                for other in there {
                    for numbers in shared?[stage][other] ?? [] { take(numbers, from: other) }
                }
            }
            return WholeModel(peer: slot, members: members, model: Payload(whole))
        }
    }
}
