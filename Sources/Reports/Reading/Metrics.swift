import Foundation
import Records

/// The records of a run's `metrics.jsonl`, by kind, in the order of the file.
struct Metrics: Sendable {
    /// How well a model does on a set of samples.
    struct Learning: Sendable, Hashable {
        var step: Int
        var time: Double
        var epoch: Double
        var subject: MetricsRecord.Subject
        var split: MetricsRecord.Split
        /// Nil where it was no number.
        var loss: Double?
        var accuracy: Double?
        var samples: Int
        /// That of the step, on training samples, as it stands in the file; nil where it was not recorded.
        var learningRate: Double?
    }

    struct Distance: Sendable, Hashable {
        var step: Int
        var time: Double
        var distance: Double?
    }

    /// What all peers have sent since the start.
    struct Traffic: Sendable, Hashable {
        var step: Int
        var time: Double
        var messages: Double
        var bytes: Double
    }

    var learning: [Learning] = []
    var distances: [Distance] = []
    var traffic: [Traffic] = []
    /// What peers computed of passes through a divided network.
    var spans: [ComputedSpans.Span] = []
    /// Who holds what of such a network.
    var stages: [StageRecord] = []
    /// Lines of another version that this one does not understand; they are left out.
    var foreignLines = 0
    /// The number of a last line that breaks off in its middle, as a killed run leaves it; it is left out.
    var tornLine: Int?

    init() {}

    /// Reads the content of a file. `path` is for errors only.
    ///
    /// Records of an unknown kind are passed over: a later version may write more. Where another version wrote the
    /// file, so are lines that this one does not understand.
    init(_ data: Data, path: String, isForeign: Bool = false) throws(RecordError) {
        var number = 0
        // The beginning of a line whose end is in the next block.
        var rest: ArraySlice<UInt8> = []
        var begin = data.startIndex
        while begin < data.endIndex {
            let end = min(begin + Self.blockLength, data.endIndex)
            rest = ArraySlice(rest + [UInt8](data[begin..<end]))
            begin = end
            while let newline = rest.firstIndex(of: UInt8(ascii: "\n")) {
                number += 1
                do throws(MetricsError) {
                    try add(rest[..<newline])
                } catch {
                    guard !isForeign else {
                        foreignLines += 1
                        rest = rest[(newline + 1)...]
                        continue
                    }
                    throw RecordError(
                        kind: .malformed, place: "\(path):\(number)",
                        message: "\(error); take the line out, or restore the file")
                }
                rest = rest[(newline + 1)...]
            }
            guard rest.count <= Self.longestLine else {
                throw RecordError(
                    kind: .malformed, place: "\(path):\(number + 1)",
                    message: "is longer than any record; take the line out, or restore the file")
            }
        }
        if !rest.isEmpty, (try? add(rest)) == nil { tornLine = number + 1 }
    }

    private static let blockLength = 1 << 20
    private static let longestLine = 1 << 18
    private static let longestSeconds = 1e9

    private mutating func add(_ line: ArraySlice<UInt8>) throws(MetricsError) {
        switch try MetricsRecord(line: line) {
        case .learning(
            let step, let time, let epoch, let subject, let split, let loss, let accuracy, let samples,
            let learningRate):
            learning.append(
                Learning(
                    step: step, time: time, epoch: epoch, subject: subject, split: split, loss: loss,
                    accuracy: accuracy, samples: samples, learningRate: learningRate.flatMap { Double("\($0)") }))
        case .consensus(let step, let time, let distance):
            distances.append(Distance(step: step, time: time, distance: distance))
        case .network(let step, let time, let messages, let bytes):
            traffic.append(Traffic(step: step, time: time, messages: Double(messages), bytes: Double(bytes)))
        case .span(_, let peer, let begin, let end, let direction, let microbatch, let slot):
            // Other times are none that can be drawn.
            guard 0 <= begin, begin <= end, end <= Self.longestSeconds else { return }
            spans.append(
                ComputedSpans.Span(
                    peer: peer, begin: begin, end: end, direction: direction, microbatch: microbatch, slot: slot))
        case .stage(let stage): stages.append(stage)
        case .pulse, nil: break
        }
    }
}
