import Models
import Randomness
import Testing
import Vectors

@testable import Compute

/// The peers of a network that is cut into stages and split within each: their exchanges are carried out by hand.
final class StageCrew {
    /// One peer.
    private final class Worker {
        let piece: StagePiece
        var executable: Executable
        var gradient: FlatVector
        private(set) var exchanges: [Exchange] = []

        init(_ problem: Problem, _ piece: StagePiece, mode: Mode) throws {
            self.piece = piece
            executable = try Executable(problem.network, piece: piece, batch: problem.labels.count, mode: mode)
            // What is not written stays as it was.
            gradient = FlatVector([Float](repeating: .nan, count: executable.vector.count))
            let rows = executable.rows
            let pixels = problem.network.inputShape.reduce(1, *)
            executable.withInput { images, labels in
                for index in 0..<images.count {
                    images[index] = Float(problem.images[rows.lowerBound * pixels + index])
                }
                for index in 0..<labels.count { labels[index] = Int32(problem.labels[rows.lowerBound + index]) }
            }
        }

        /// Goes on to the next exchange; with it come the parts that go out.
        func resume(_ parts: [Payload]) -> (exchange: Exchange, parts: [Payload])? {
            let stop = gradient.write { executable.resume(with: parts, into: &$0) }
            guard let stop else { return nil }
            exchanges.append(stop)
            guard !stop.outgoing.isEmpty else { return (stop, []) }
            let numbers = executable.withOutgoing { span in span.indices.map { span[$0] } }
            var start = 0
            return (
                stop,
                stop.outgoing.map { count in
                    defer { start += count }
                    return Payload(Array(numbers[start..<(start + count)]))
                }
            )
        }
    }

    private let problem: Problem
    private let stages: [[Worker]]
    /// What each slot of a stage has handed on to its neighbour, or back.
    private var carried: [Payload] = []

    init(
        _ problem: Problem, stages: [Range<Int>]? = nil, _ split: Split = .rows, slots: Int = 1,
        mode: Mode = .training
    ) throws {
        self.problem = problem
        self.stages = try (stages ?? [problem.network.layers.indices]).map { layers in
            try (0..<slots).map { slot in
                try Worker(
                    problem, StagePiece(layers: layers, share: Share(split, slot: slot, of: slots)), mode: mode)
            }
        }
    }

    /// The parameters of each stage out of those of the network.
    func parameters(_ numbers: [Float]) -> [Payload] {
        stages.map { Payload(Array(numbers[$0[0].executable.vector])) }
    }

    /// Computes up to the end of the last stage's pass with these parameters of each stage, which are held until the
    /// end of the backward pass.
    func forward(_ parameters: [Payload], dropout: RandomStream) throws {
        for (stage, own) in zip(stages, parameters) {
            for worker in stage {
                worker.executable.hold(own)
                worker.executable.begin(dropout: dropout)
            }
            var stop = try advance(stage, stage.map { _ in [] })
            if stage[0].piece.layers.lowerBound > 0 {
                #expect(stop == .previous)
                stop = try advance(stage, carried.map { [$0] })
            }
            guard stop != .next else { continue }
            try end(stage, stop)
        }
    }

    /// The backward pass of all stages but the last, which is through.
    func backward() throws {
        for stage in stages.dropLast().reversed() { try end(stage, try advance(stage, carried.map { [$0] })) }
        for worker in stages.joined() { worker.executable.letGo() }
    }

    private func end(_ stage: [Worker], _ stop: Exchange.Kind?) throws {
        guard stage[0].piece.layers.lowerBound > 0 else { return #expect(stop == nil) }
        #expect(stop == .previous)
        for worker in stage {
            let hasEnded = worker.resume([]) == nil
            #expect(hasEnded)
        }
    }

    /// Goes on to an exchange with another stage, or to the end; what goes out then is carried.
    private func advance(_ stage: [Worker], _ parts: [[Payload]]) throws -> Exchange.Kind? {
        var parts = parts
        while true {
            let stops = zip(stage, parts).map { $0.resume($1) }
            guard let kind = stops[0]?.exchange.kind else {
                #expect(stops.allSatisfy { $0 == nil })
                return nil
            }
            let outgoing = try stops.map { try #require($0) }
            #expect(outgoing.allSatisfy { $0.exchange.kind == kind })
            switch kind {
            case .previous, .next:
                // At its beginning a stage has nothing for the one before.
                if !outgoing[0].exchange.outgoing.isEmpty { carried = outgoing.flatMap(\.parts) }
                return kind
            case .gather: parts = stage.map { _ in outgoing.map { $0.parts[0] } }
            case .scatter: parts = stage.indices.map { slot in outgoing.map { $0.parts[slot] } }
            }
        }
    }

    /// Loss, logits and gradient put together of what the peers have.
    func result() throws -> (loss: Float, correct: Int, logits: [Float], gradient: [Float]) {
        let last = try #require(stages.last)
        let those = last[0].piece.neuronShare == nil ? last : [last[0]]
        return (
            those.reduce(0) { $0 + $1.executable.result.loss }, those.reduce(0) { $0 + $1.executable.result.correct },
            those.flatMap { $0.executable.withLogits { span in span.indices.map { span[$0] } } }, gradient()
        )
    }

    private func gradient() -> [Float] {
        var whole = [Float](repeating: .nan, count: problem.network.layout.count)
        for worker in stages.joined() {
            var own = worker.gradient.array()
            let first = worker.executable.vector.lowerBound
            for index in worker.piece.parameterRanges(of: problem.network).joined() {
                let number = own[index - first]
                if whole[index].isNaN {
                    whole[index] = number
                } else if worker.piece.rowShare != nil {
                    whole[index] += number
                } else {
                    #expect(whole[index] == number, "parameter \(index) is not the same in all slots")
                }
                own[index - first] = .nan
            }
            #expect(own.allSatisfy { $0.isNaN }, "\(worker.piece) writes where it has no parameters")
        }
        return whole
    }

    /// The exchanges of each peer of a stage so far.
    func exchanges(ofStage stage: Int) -> [[Exchange]] { stages[stage].map(\.exchanges) }

    /// Statistics of batch-norms as each peer of a stage knows them.
    func statistics(ofStage stage: Int) -> [[Float]] {
        stages[stage].map { $0.executable.withStatistics { span in span.indices.map { span[$0] } } }
    }

    /// Where dropout's stream stands at each peer.
    var dropouts: [RandomStream?] { stages.joined().map { $0.executable.dropout } }
}
