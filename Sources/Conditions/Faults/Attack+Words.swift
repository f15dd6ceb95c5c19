import Gossip

/// Attacks as a fault list writes them.
extension Attack {
    /// Every attack once, with the number that holds where none is given.
    static let all: [Attack] = [
        .notANumber, .scale(10), .signFlip, .replay, .noise(deviation: 1), .freeRider, .alie(z: nil),
        .ipm(epsilon: 0.1), .dissensus(epsilon: 1), .labelFlip, .slander,
    ]

    /// Those that random faults draw.
    static let drawn: [Attack] = [.notANumber, .scale(10), .signFlip, .replay]

    var name: String {
        switch self {
        case .notANumber: "nan"
        case .scale: "scale"
        case .signFlip: "sign-flip"
        case .replay: "replay"
        case .noise: "noise"
        case .freeRider: "free-rider"
        case .alie: "alie"
        case .ipm: "ipm"
        case .dissensus: "dissensus"
        case .labelFlip: "label-flip"
        case .slander: "slander"
        }
    }

    /// The key of its number; nil where it takes none.
    var key: String? {
        switch self {
        case .scale: "factor"
        case .noise: "deviation"
        case .alie: "z"
        case .ipm, .dissensus: "epsilon"
        case .notANumber, .signFlip, .replay, .freeRider, .labelFlip, .slander: nil
        }
    }

    /// Its number; nil where it takes none, or chooses it itself.
    var number: Double? {
        switch self {
        case .scale(let number), .noise(let number), .ipm(let number), .dissensus(let number): number
        case .alie(let z): z
        case .notANumber, .signFlip, .replay, .freeRider, .labelFlip, .slander: nil
        }
    }

    /// The same with another number.
    func with(_ number: Double) -> Attack {
        switch self {
        case .scale: .scale(number)
        case .noise: .noise(deviation: number)
        case .alie: .alie(z: number)
        case .ipm: .ipm(epsilon: number)
        case .dissensus: .dissensus(epsilon: number)
        case .notANumber, .signFlip, .replay, .freeRider, .labelFlip, .slander: self
        }
    }

    /// The name, with the number behind it where there is one, as they stand in a table.
    var words: String {
        guard let key, let number else { return name }
        return "\(name), \(key): \(number.plain)"
    }

    /// What is wrong with it in that window; nil where nothing is.
    func problem(in window: TimeWindow) -> String? {
        switch self {
        case .noise(let deviation):
            if !(deviation.isFinite && deviation >= 0) {
                return "deviation is \(deviation), not a finite number from 0"
            }
        case .labelFlip:
            if window != TimeWindow() {
                return "label-flip is in the samples from the beginning to the end; leave out at and for"
            }
        default:
            if let key, let number, !number.isFinite { return "\(key) is \(number), not a finite number" }
        }
        return nil
    }
}
