import CMurmur
import Gossip
import Graphs

/// Names of vectors as flat structures.
extension Vector {
    /// Nil for a kind, or a number, that there is not.
    init?(_ flat: murmur_vector) {
        switch Int(flat.kind) {
        case Int(MURMUR_VECTOR_MODEL.rawValue): self = .model
        case Int(MURMUR_VECTOR_GRADIENT.rawValue): self = .gradient
        case Int(MURMUR_VECTOR_NAMED.rawValue):
            guard flat.number < 30 else { return nil }
            self = .named(UInt8(flat.number))
        case Int(MURMUR_VECTOR_RECEIVED.rawValue): self = .received(PayloadID(rawValue: flat.id))
        case Int(MURMUR_VECTOR_TOLD.rawValue):
            guard flat.id < 1 << 32 else { return nil }
            self = .told(PeerID(Int(flat.id)), tag: flat.number)
        default: return nil
        }
    }

    var flat: murmur_vector {
        switch self {
        case .model: murmur_vector(kind: MURMUR_VECTOR_MODEL.rawValue, number: 0, id: 0)
        case .gradient: murmur_vector(kind: MURMUR_VECTOR_GRADIENT.rawValue, number: 0, id: 0)
        case .named(let number):
            murmur_vector(kind: MURMUR_VECTOR_NAMED.rawValue, number: UInt32(number), id: 0)
        case .received(let payload):
            murmur_vector(kind: MURMUR_VECTOR_RECEIVED.rawValue, number: 0, id: payload.rawValue)
        case .told(let peer, let tag):
            murmur_vector(kind: MURMUR_VECTOR_TOLD.rawValue, number: tag, id: UInt64(peer.rawValue))
        }
    }

    /// Whether it is one of the peer's own, to be written.
    var isOwn: Bool {
        switch self {
        case .model, .gradient, .named: true
        case .received, .told: false
        }
    }
}

extension Metadata {
    init(_ flat: murmur_metadata) { self.init(round: flat.round, tag: flat.tag, weight: flat.weight) }

    var flat: murmur_metadata { murmur_metadata(round: round, weight: weight, tag: tag, reserved: 0) }
}
