/// What charts may be drawn against.
enum Axis: String, Sendable, CaseIterable {
    case time, samples, bytes

    var name: String {
        switch self {
        case .time: "seconds of training"
        case .samples: "samples seen by all peers"
        case .bytes: "bytes sent by all peers"
        }
    }

    func value(_ moment: Moment) -> Double {
        switch self {
        case .time: moment.time
        case .samples: moment.samples
        case .bytes: moment.bytes
        }
    }
}
