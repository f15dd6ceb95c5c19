// Names of functions are those of the C interface.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

public import CMurmur
import Configuration
import Gossip
import Graphs
import Randomness

// The functions of murmur_algorithm.h, where they are documented.

/// Makes an algorithm known by its name.
@c @implementation
public func murmur_algorithm_register(_ algorithm: UnsafePointer<murmur_algorithm>?) -> Int32 {
    OutsideCall.answer {
        ForeignDefinitions.register(try ForeignDefinition(try OutsideCall.required(algorithm, "algorithm", \.size)))
        return Int32(MURMUR_OK.rawValue)
    }
}

/// Takes in what an algorithm from outside wants done.
@c @implementation
public func murmur_effects_add(
    _ effects: OpaquePointer?, _ effect: UnsafePointer<murmur_effect>?, _ message: UnsafeMutablePointer<UInt64>?
) -> Int32 {
    OutsideCall.answer {
        guard let effects else { throw BridgeError(.invalid, "effects is NULL; hand in what 'handle' was given") }
        let number = try EffectsDesk.of(effects).add(try OutsideCall.required(effect, "effect", \.size))
        message?.pointee = number
        return Int32(MURMUR_OK.rawValue)
    }
}

/// Hands out the weights of a receiver in a round.
@c @implementation
public func murmur_graph_row(
    _ graph: OpaquePointer?, _ receiver: UInt32, _ round: UInt64, _ weights: UnsafeMutablePointer<murmur_weight>?,
    _ room: UInt64, _ count: UnsafeMutablePointer<UInt64>?
) -> Int32 {
    OutsideCall.answer {
        let mixing = try mixing(graph, receiver)
        let row = mixing.row(of: PeerID(Int(receiver)), round: round)
        count?.pointee = UInt64(row.count)
        for (index, entry) in row.prefix(Int(clamping: room)).enumerated() {
            weights?[index] = murmur_weight(peer: UInt32(entry.peer.rawValue), reserved: 0, weight: entry.weight)
        }
        return Int32(MURMUR_OK.rawValue)
    }
}

/// Hands out whom a peer sends to in a round.
@c @implementation
public func murmur_graph_receivers(
    _ graph: OpaquePointer?, _ sender: UInt32, _ round: UInt64, _ peers: UnsafeMutablePointer<UInt32>?, _ room: UInt64,
    _ count: UnsafeMutablePointer<UInt64>?
) -> Int32 {
    OutsideCall.answer {
        let receivers = try mixing(graph, sender).receivers(of: PeerID(Int(sender)), round: round)
        count?.pointee = UInt64(receivers.count)
        for (index, peer) in receivers.prefix(Int(clamping: room)).enumerated() {
            peers?[index] = UInt32(peer.rawValue)
        }
        return Int32(MURMUR_OK.rawValue)
    }
}

private func mixing(_ graph: OpaquePointer?, _ peer: UInt32) throws(BridgeError) -> MixingMatrix {
    guard let graph else { throw BridgeError(.invalid, "graph is NULL; hand in what the setup has") }
    let mixing = ForeignSetup.of(graph: graph).mixing
    guard peer < mixing.peers else {
        throw BridgeError(.invalid, "peer \(peer) is none of the graph's \(mixing.peers)")
    }
    return mixing
}

/// Begins a stream of random numbers.
@c @implementation
public func murmur_random_begin(
    _ random: UnsafeMutablePointer<murmur_random>?, _ seed: UInt64, _ peer: Int64, _ round: UInt64
) {
    random?.pointee = murmur_random(RandomStream(seed: seed, purpose: .algorithm, peer: Int(peer), round: round))
}

/// Draws 64 bits.
@c @implementation
public func murmur_random_next(_ random: UnsafeMutablePointer<murmur_random>?) -> UInt64 {
    draw(random) { $0.next() } ?? 0
}

/// Draws a number in [0, 1).
@c @implementation
public func murmur_random_uniform(_ random: UnsafeMutablePointer<murmur_random>?) -> Double {
    draw(random) { $0.uniform() } ?? 0
}

/// Draws a whole number below a bound.
@c @implementation
public func murmur_random_below(_ random: UnsafeMutablePointer<murmur_random>?, _ bound: UInt64) -> UInt64 {
    guard bound > 0 else { return 0 }
    return draw(random) { UInt64($0.integer(below: Int(clamping: bound))) } ?? 0
}

/// Draws from a stream and leaves it where it stands then; nil where it is none.
private func draw<Value>(
    _ random: UnsafeMutablePointer<murmur_random>?, _ body: (inout RandomStream) -> Value
) -> Value? {
    guard let random, var stream = RandomStream(random.pointee) else { return nil }
    defer { random.pointee = murmur_random(stream) }
    return body(&stream)
}

extension murmur_random {
    fileprivate init(_ stream: RandomStream) {
        let words = stream.words
        self.init(words: (words[0], words[1], words[2], words[3]))
    }
}

extension RandomStream {
    fileprivate init?(_ flat: murmur_random) {
        self.init(words: [flat.words.0, flat.words.1, flat.words.2, flat.words.3])
    }
}

/// Tries an algorithm in a world that a seed draws, and hands out what came of it.
@c @implementation
public func murmur_algorithm_check(
    _ algorithm: UnsafePointer<CChar>?, _ options: UnsafePointer<CChar>?, _ seed: UInt64, _ isWild: UInt32,
    _ text: UnsafeMutablePointer<CChar>?, _ room: UInt64, _ length: UnsafeMutablePointer<UInt64>?
) -> Int32 {
    OutsideCall.answer {
        guard let name = OutsideCall.text(algorithm) else {
            throw BridgeError(.invalid, "the name of an algorithm is NULL; hand one in")
        }
        let choice = try AlgorithmChoice(name, try SettingsText.options(OutsideCall.text(options), "algorithm"))
        let check = try AlgorithmCheck(choice, seed: seed, isWild: isWild != 0)
        OutsideCall.put(check.record.text, text, room: room, length)
        return Int32(MURMUR_OK.rawValue)
    }
}
