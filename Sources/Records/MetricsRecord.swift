package import Configuration

/// The lines of `metrics.jsonl`.
public enum MetricsRecord: Sendable, Hashable {
    /// How well a model does. `epoch` counts passes over the training set by all
    /// peers; `time` is seconds of training, evaluation excluded; `samples` those seen until then. A loss that is no
    /// number is nil when it is read. On training samples `learningRate` is the one that step number `step` was taken
    /// with, after schedule and warm-up; nil elsewhere, and in the files of earlier versions.
    case learning(
        step: Int, time: Double, epoch: Double, peer: Subject, split: Split, loss: Double?, accuracy: Double?,
        samples: Int, learningRate: Float? = nil)
    /// How far the models are from their average (root mean square).
    case consensus(step: Int, time: Double, distance: Double?)
    /// What has been sent since the start, by all peers.
    case network(step: Int, time: Double, messages: Int, bytes: Int)
    /// A peer computed on a microbatch's pass through its stage, from `begin` to `end` in seconds of training, when it
    /// had made `step` steps. `slot` is whose share of the stage's work it was.
    case span(step: Int, peer: Int, begin: Double, end: Double, pass: Direction, microbatch: Int, slot: Int)
    /// Who holds what of a divided network: at the beginning, a line for each stage.
    case stage(StageRecord)
    /// How things stand with the peers, for whoever watches.
    case pulse(PulseRecord)

    /// Which way a pass goes; the raw values are those of the file.
    public enum Direction: String, Sendable {
        case forward, backward
        /// In the last stage, where it turns around.
        case both
    }

    /// Whose model it is.
    public enum Subject: Sendable, Hashable {
        case peer(Int)
        /// The average of the learners' models.
        case consensus
        /// The server's behind the learners.
        case server

        package var json: JSON {
            switch self {
            case .peer(let index): .integer(index)
            case .consensus: .null
            case .server: .string("centre")
            }
        }
    }

    /// Which samples a model was measured on; the raw values are those of the file.
    public enum Split: String, Sendable {
        case train, validation, test
    }

    package var json: JSON {
        func seconds(_ time: Double) -> JSON { .number((time * 1e6).rounded() / 1e6) }
        // The shortest digits that tell the number, not those of its nearest double.
        func digits(_ number: Float) -> JSON { .number(Double("\(number)") ?? .nan) }
        return switch self {
        case .learning(
            let step, let time, let epoch, let peer, let split, let loss, let accuracy, let samples, let learningRate):
            .object(
                [
                    ("step", .integer(step)), ("time", seconds(time)), ("epoch", .number(epoch)),
                    ("peer", peer.json), ("split", .string(split.rawValue)),
                    ("loss", loss.map(JSON.number) ?? .null), ("accuracy", accuracy.map(JSON.number) ?? .null),
                    ("samples", .integer(samples)),
                ] + (learningRate.map { [("learning_rate", digits($0))] } ?? []))
        case .consensus(let step, let time, let distance):
            .object([
                ("kind", .string("consensus")), ("step", .integer(step)), ("time", seconds(time)),
                ("distance", distance.map(JSON.number) ?? .null),
            ])
        case .network(let step, let time, let messages, let bytes):
            .object([
                ("kind", .string("network")), ("step", .integer(step)), ("time", seconds(time)),
                ("messages", .integer(messages)), ("bytes", .integer(bytes)),
            ])
        // Earlier versions want a step and a time of every line, also of those that they pass over.
        case .span(let step, let peer, let begin, let end, let pass, let microbatch, let slot):
            .object([
                ("kind", .string("span")), ("step", .integer(step)), ("time", seconds(end)), ("peer", .integer(peer)),
                ("begin", seconds(begin)), ("end", seconds(end)), ("pass", .string(pass.rawValue)),
                ("microbatch", .integer(microbatch)), ("slot", .integer(slot)),
            ])
        case .stage(let stage):
            .object([("kind", .string("stage")), ("step", .integer(0)), ("time", .integer(0))] + stage.fields)
        case .pulse(let pulse): .object([("kind", .string("pulse"))] + pulse.fields)
        }
    }

    /// Reads a line of the file; nil where it is of a kind that only a later version knows. Throws a `MetricsError`
    /// that says what is wrong with it.
    package init?(line: some Collection<UInt8>) throws(MetricsError) {
        let fields: JSON
        do throws(JSONError) {
            fields = try JSON(parsing: line)
        } catch {
            throw MetricsError("not JSON: \(error.reason)")
        }
        guard case .object = fields else { throw MetricsError("a record is an object, {...}, and this is none") }
        let (step, time) = (try fields.integer("step"), try fields.number("time"))
        switch fields["kind"] {
        case nil, .null:
            let subject = try Subject(fields["peer"])
            self = .learning(
                step: step, time: time, epoch: try fields.number("epoch"), peer: subject,
                split: try Split(fields["split"]), loss: try fields.optionalNumber("loss"),
                accuracy: try fields.optionalNumber("accuracy"), samples: try fields.integer("samples"),
                learningRate: try fields.optionalNumber("learning_rate").map { Float($0) })
        case .string("consensus"):
            self = .consensus(step: step, time: time, distance: try fields.optionalNumber("distance"))
        case .string("network"):
            self = .network(
                step: step, time: time, messages: try fields.integer("messages"), bytes: try fields.integer("bytes"))
        case .string("span"):
            guard let pass = Direction(rawValue: try fields.string("pass")) else { throw .type(of: "pass") }
            self = .span(
                step: step, peer: try fields.integer("peer"), begin: try fields.number("begin"),
                end: try fields.number("end"), pass: pass, microbatch: try fields.integer("microbatch"),
                slot: try fields.integer("slot"))
        case .string("stage"): self = .stage(try StageRecord(fields))
        case .string("pulse"): self = .pulse(try PulseRecord(fields))
        case .string: return nil
        default: throw MetricsError.type(of: "kind")
        }
    }
}

extension MetricsRecord.Subject {
    fileprivate init(_ json: JSON?) throws(MetricsError) {
        switch json {
        case nil, .null: self = .consensus
        case .integer(let index) where index >= 0: self = .peer(index)
        case .string("centre"): self = .server
        default: throw .type(of: "peer")
        }
    }
}

extension MetricsRecord.Split {
    fileprivate init(_ json: JSON?) throws(MetricsError) {
        guard let json else { throw MetricsError("a record without 'split'") }
        guard case .string(let name) = json, let split = Self(rawValue: name) else { throw .type(of: "split") }
        self = split
    }
}

/// The fields of a line.
extension JSON {
    /// Beyond this a count is none that a run comes to, and sums of a few of them might overflow.
    private static let countLimit = 1 << 56

    func integer(_ key: String) throws(MetricsError) -> Int {
        switch self[key] {
        case nil: throw MetricsError("a record without '\(key)'")
        case .integer(let value) where (0...Self.countLimit).contains(value): return value
        case .integer, .number: throw MetricsError("'\(key)' is out of range, or no whole number")
        default: throw .type(of: key)
        }
    }

    func number(_ key: String) throws(MetricsError) -> Double {
        guard let value = self[key] else { throw MetricsError("a record without '\(key)'") }
        guard let number = value.asNumber else { throw .type(of: key) }
        return number
    }

    fileprivate func optionalNumber(_ key: String) throws(MetricsError) -> Double? {
        switch self[key] {
        case nil, .null: return nil
        case let value?:
            guard let number = value.asNumber else { throw .type(of: key) }
            return number
        }
    }

    func string(_ key: String) throws(MetricsError) -> String {
        guard let value = self[key] else { throw MetricsError("a record without '\(key)'") }
        guard case .string(let text) = value else { throw .type(of: key) }
        return text
    }

    var asNumber: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }
}
