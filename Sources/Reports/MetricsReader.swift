import Foundation

/// The records of a run's `metrics.jsonl`, by kind, in the order of the file.
struct Metrics: Sendable {
    /// How well a model does on a set of samples.
    struct Learning: Sendable, Hashable {
        var step: Int
        var time: Double
        var epoch: Double
        /// Nil for the consensus model, and for that of a server.
        var peer: Int?
        /// Whether it is the model of the server behind the learners.
        var isCentre = false
        var split: String
        /// Nil where it was no number.
        var loss: Double?
        var accuracy: Double?
        var samples: Double
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
    /// The number of a last line that breaks off in its middle, as a killed run leaves it; it is left out.
    var tornLine: Int?

    init() {}

    /// Reads the content of a file. `path` is for errors only.
    ///
    /// Records of an unknown kind are passed over: a later version may write more.
    init(_ data: Data, path: String) throws(RecordError) {
        let decoder = JSONDecoder()
        var number = 0
        var rest = data[...]
        while !rest.isEmpty {
            number += 1
            let end = rest.firstIndex(of: UInt8(ascii: "\n"))
            let line = rest[..<(end ?? rest.endIndex)]
            rest = end.map { rest[($0 + 1)...] } ?? Data()
            do {
                try add(decoder.decode(Line.self, from: Data(line)))
            } catch {
                guard end != nil else {
                    tornLine = number
                    return
                }
                throw RecordError(
                    kind: .malformed, place: "\(path):\(number)",
                    message: "\(Self.reason(error)); take the line out, or restore the file")
            }
        }
    }

    private mutating func add(_ line: Line) throws(Incomplete) {
        let (step, time) = (try line.value(\.step, "step"), try line.value(\.time, "time"))
        switch line.kind {
        case nil:
            learning.append(
                Learning(
                    step: step, time: time, epoch: try line.value(\.epoch, "epoch"), peer: line.peer?.index,
                    isCentre: line.peer?.index == nil && line.peer != nil, split: try line.value(\.split, "split"),
                    loss: line.loss, accuracy: line.accuracy,
                    samples: try line.value(\.samples, "samples")))
        case "consensus":
            distances.append(Distance(step: step, time: time, distance: line.distance))
        case "network":
            traffic.append(
                Traffic(
                    step: step, time: time, messages: try line.value(\.messages, "messages"),
                    bytes: try line.value(\.bytes, "bytes")))
        default:
            break
        }
    }

    /// A line as it may stand in the file: which keys it needs depends on its kind.
    private struct Line: Decodable {
        var kind: String?
        var step: Int?
        var time: Double?
        var epoch: Double?
        var peer: Subject?
        var split: String?
        var loss: Double?
        var accuracy: Double?
        var samples: Double?
        var distance: Double?
        var messages: Double?
        var bytes: Double?

        func value<Value>(_ path: KeyPath<Line, Value?>, _ name: String) throws(Incomplete) -> Value {
            guard let value = self[keyPath: path] else { throw Incomplete(key: name) }
            return value
        }
    }

    /// A learner by its number, or the centre by its name.
    private struct Subject: Decodable {
        let index: Int?

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let word = try? container.decode(String.self), word == "centre" {
                index = nil
            } else {
                index = try container.decode(Int.self)
            }
        }
    }

    private struct Incomplete: Error {
        let key: String
    }

    /// What is wrong with a line, in words.
    private static func reason(_ error: any Error) -> String {
        switch error {
        case let error as Incomplete:
            return "a record without '\(error.key)'"
        case DecodingError.typeMismatch(_, let context) where !context.codingPath.isEmpty:
            return "'\(context.codingPath.map(\.stringValue).joined(separator: "."))' has a value of another type"
        case DecodingError.typeMismatch:
            return "a record is an object, {...}, and this is none"
        default:
            return "not JSON, or with a number out of range"
        }
    }
}
