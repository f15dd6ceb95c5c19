/// What a byzantine peer does. Those of one run know each other; the honest do not know them.
public enum Attack: Sendable, Hashable, Codable {
    /// All numbers that it sends are not-a-number.
    case notANumber
    /// What it sends is multiplied by a factor.
    case scale(Double)
    /// What it sends is negated.
    case signFlip
    /// It sends the first vector that it sent, again and again.
    case replay
    /// Normal noise of this standard deviation is added to what it sends.
    case noise(deviation: Double)
    /// It sends the model that it started from, forever.
    case freeRider
    /// A little is enough (Baruch, Baruch, Goldberg 2019): the mean of what it heard of the honest, less `z` of their
    /// standard deviations in each coordinate; nil for the greatest `z` that still hides among them.
    case alie(z: Double?)
    /// Inner product manipulation (Xie, Koyejo, Gupta 2019): `-epsilon` times the mean of what it heard of the honest.
    case ipm(epsilon: Double)
    /// Dissensus (He, Karimireddy, Jaggi 2022): to each receiver that which drives it away from its honest neighbours;
    /// with an `epsilon` of 1 it takes back all that they bring.
    case dissensus(epsilon: Double)
    /// It is honest in what it sends, and learns from samples whose classes are in the reverse order.
    case labelFlip

    /// It is honest in what it sends, and says the worst of honest peers where neighbours are judged, and the best of
    /// byzantine ones.
    case slander

    /// Whether it is made of what the peer hears from honest ones.
    public var needsModelsOfOthers: Bool {
        switch self {
        case .alie, .ipm, .dissensus: true
        case .notANumber, .scale, .signFlip, .replay, .noise, .freeRider, .labelFlip, .slander: false
        }
    }
}
