import Graphs

/// What a message between peers of stages brings, for whose work: as metadata it travels with the numbers.
struct PartLabel: Hashable, Sendable, Codable {
    enum Kind: UInt8, Sendable, Codable {
        /// Activations, from a stage to the one behind.
        case activation
        /// The gradient of activations, back.
        case gradient
        /// A part of an exchange within a stage.
        case share
        /// A slot's share in the gradient of the stage's parameters.
        case contribution
        /// The parameters of the stage.
        case model
        /// That all contributions of a dead peer that the sender had have been passed on; no numbers.
        case settled
        /// From which microbatch on the sender does a dead peer's work again; no numbers.
        case wanted
    }

    let kind: Kind
    /// A microbatch; of contributions and models an update, of `settled` the dead peer.
    let number: UInt64
    /// The slots whose work it comes from and goes to.
    let from: Int
    let to: Int
    /// Which of a pass' exchanges within the stage it belongs to.
    let exchange: Int

    init(_ kind: Kind, _ number: UInt64, from: Int, to: Int, exchange: Int = 0) {
        self.kind = kind
        self.number = number
        self.from = from
        self.to = to
        self.exchange = exchange
    }

    /// In place of the slot that a part goes to: every slot gets the same.
    static let everySlot = 0xff

    /// A stage has at most so many slots, and a pass so many exchanges: what 32 bits hold.
    static let slotLimit = 255
    static let exchangeLimit = 4096

    /// Whether it belongs to a pass.
    var isOfPass: Bool { kind == .activation || kind == .gradient || kind == .share }

    /// The same part for another slot.
    func going(to slot: Int) -> PartLabel { PartLabel(kind, number, from: from, to: slot, exchange: exchange) }

    var metadata: Metadata {
        precondition(exchange < Self.exchangeLimit, "a pass has more than \(Self.exchangeLimit) exchanges")
        return Metadata(
            round: number, tag: UInt32(kind.rawValue) | UInt32(from) << 4 | UInt32(to) << 12 | UInt32(exchange) << 20)
    }

    /// Nil for metadata that is none of a part's.
    init?(_ metadata: Metadata) {
        guard let kind = Kind(rawValue: UInt8(metadata.tag & 0xf)) else { return nil }
        self.init(
            kind, metadata.round, from: Int(metadata.tag >> 4 & 0xff), to: Int(metadata.tag >> 12 & 0xff),
            exchange: Int(metadata.tag >> 20))
    }
}
