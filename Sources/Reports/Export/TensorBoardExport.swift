import Foundation
import Records

/// The curves of a run as TensorBoard's scalars: a folder, which it shows as a run, for each peer, for the consensus
/// model and for the server, with the same tags in all.
struct TensorBoardExport {
    let run: RunRecords

    /// The files under their folders' names.
    var files: [(folder: String, file: EventFile)] {
        var events: [String: [EventFile.Event]] = [:]
        for record in run.metrics.learning {
            let values = [("loss", record.loss), ("accuracy", record.accuracy)].map { name, value in
                ("\(name)/\(record.split.rawValue)", value)
            }
            for (tag, value) in values + [("learning_rate", record.learningRate)] {
                add(value, tag, record.step, record.time, to: &events[Self.folder(record.subject), default: []])
            }
        }
        let common = Self.folder(.consensus)
        for record in run.metrics.distances {
            add(record.distance, "consensus_distance", record.step, record.time, to: &events[common, default: []])
        }
        for record in run.metrics.traffic {
            for (tag, value) in [("messages_sent", record.messages), ("bytes_sent", record.bytes)] {
                add(value, tag, record.step, record.time, to: &events[common, default: []])
            }
        }
        return events.filter { !$0.value.isEmpty }.sorted { $0.key < $1.key }.map { folder, events in
            let ordered = events.sorted { ($0.wallTime, $0.step, $0.tag) < ($1.wallTime, $1.step, $1.tag) }
            return (folder, EventFile(ordered, begun: begun))
        }
    }

    /// The name of every file: TensorBoard asks for the middle of it.
    var fileName: String { String(format: "events.out.tfevents.%010.0f.murmur", begun) }

    private func add(_ value: Double?, _ tag: String, _ step: Int, _ time: Double, to events: inout [EventFile.Event]) {
        guard let value = value.map({ Float($0) }), value.isFinite else { return }
        events.append(EventFile.Event(wallTime: begun + time, step: step, tag: tag, value: value))
    }

    private static func folder(_ subject: MetricsRecord.Subject) -> String {
        if case .peer(let number) = subject { String(format: "peer-%03ld", number) } else { subject.exportName }
    }

    /// When the run began, in seconds since 1970; 0 where that is not recorded.
    private var begun: Double { run.environment.flatMap { Self.seconds($0.started) } ?? 0 }

    /// The moment of a timestamp `YYYYMMDD-HHMMSS` in UTC.
    static func seconds(_ timestamp: String) -> Double? {
        let digits = timestamp.utf8.filter { $0 != UInt8(ascii: "-") }.map { Int32($0) - 48 }
        guard digits.count == 14, digits.allSatisfy({ 0...9 ~= $0 }) else { return nil }
        func part(_ range: Range<Int>) -> Int32 { digits[range].reduce(0) { 10 * $0 + $1 } }
        var moment = tm()
        (moment.tm_year, moment.tm_mon, moment.tm_mday) = (part(0..<4) - 1900, part(4..<6) - 1, part(6..<8))
        (moment.tm_hour, moment.tm_min, moment.tm_sec) = (part(8..<10), part(10..<12), part(12..<14))
        let seconds = timegm(&moment)
        return seconds >= 0 ? Double(seconds) : nil
    }
}
