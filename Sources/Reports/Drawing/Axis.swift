/// What charts may be drawn against.
enum Axis: String, Sendable, CaseIterable {
    case time, epochs, samples, bytes

    var name: String {
        switch self {
        case .time: "seconds of training"
        case .epochs: "epochs"
        case .samples: "samples seen by all peers"
        case .bytes: "bytes sent by all peers"
        }
    }

    func value(_ moment: Moment) -> Double {
        switch self {
        case .time: moment.time
        case .epochs: moment.epoch
        case .samples: moment.samples
        case .bytes: moment.bytes
        }
    }
}
