import CMurmur
import Configuration
import Gossip
import Graphs

/// One peer's state of an algorithm from outside, as the caller holds it. Let go of with the last reference.
///
/// `@unchecked Sendable` holds because it is used by one algorithm at a time, which copies it where another one has it
/// too.
final class ForeignInstance: @unchecked Sendable {
    let definition: ForeignDefinition
    let setup: ForeignSetup
    private let address: UnsafeMutableRawPointer
    private let desk: EffectsDesk

    private init(_ definition: ForeignDefinition, _ setup: ForeignSetup, _ address: UnsafeMutableRawPointer) {
        self.definition = definition
        self.setup = setup
        self.address = address
        desk = EffectsDesk(setup, definition.traits)
    }

    deinit { definition.functions.release?(definition.functions.context, address) }

    /// Has an instance made. Throws what it refuses.
    static func make(
        _ definition: ForeignDefinition, _ setup: ForeignSetup, options: Options
    ) throws(ConfigurationError) -> (ForeignInstance, ForeignStanding) {
        var address: UnsafeMutableRawPointer?
        var flat = ForeignStanding().flat
        var refusal: UnsafePointer<CChar>?
        let status = JSON(.table(options.values)).text.withCString { options in
            setup.withFlat {
                definition.functions.make?(definition.functions.context, $0, options, &address, &flat, &refusal)
            }
        }
        guard status == 0, let address else {
            throw ConfigurationError(
                key: nil, refusal.map { String(cString: $0) } ?? "\(definition.name) could not be made")
        }
        let instance = ForeignInstance(definition, setup, address)
        var standing = ForeignStanding()
        guard standing.take(flat) else {
            throw ConfigurationError(key: nil, "\(definition.name) evaluates a vector that is none of the peer's own")
        }
        return (instance, standing)
    }

    /// Another one in the same state; nil where the caller could not make it.
    func copied() -> ForeignInstance? {
        var copied: UnsafeMutableRawPointer?
        let status = definition.functions.copy?(definition.functions.context, address, &copied)
        guard status == 0, let copied else { return nil }
        return ForeignInstance(definition, setup, copied)
    }

    /// The state as bytes; nil where the caller could not tell it.
    func saved() -> [UInt8]? {
        var bytes: UnsafePointer<UInt8>?
        var count: UInt64 = 0
        guard definition.functions.save?(definition.functions.context, address, &bytes, &count) == 0 else { return nil }
        return Array(UnsafeBufferPointer(lent: bytes, count: count))
    }

    /// One in a state that was saved; nil where the caller could not make it.
    static func restored(_ definition: ForeignDefinition, _ setup: ForeignSetup, _ bytes: [UInt8]) -> ForeignInstance? {
        var address: UnsafeMutableRawPointer?
        let status = bytes.withUnsafeBufferPointer { bytes in
            setup.withFlat {
                definition.functions.restore?(
                    definition.functions.context, $0, bytes.baseAddress, UInt64(bytes.count), &address)
            }
        }
        guard status == 0, let address else { return nil }
        return ForeignInstance(definition, setup, address)
    }

    /// Handles an event; a sentence where that failed, and then no effect counts.
    func handle(
        _ event: Event, now: Time, _ effects: inout Effects, _ standing: inout ForeignStanding,
        _ ledger: inout ForeignLedger
    ) -> String? {
        desk.begin(event, ledger)
        swap(&effects, &desk.effects)
        defer { swap(&effects, &desk.effects) }
        var flat = standing.flat
        let status = event.withFlat(now: now) {
            definition.functions.handle?(definition.functions.context, address, $0, desk.address, &flat)
        }
        // An event that it is not told brings nothing about.
        guard let status else { return nil }
        if let refusal = desk.refusal { return "\(definition.name) cannot go on: \(refusal)" }
        guard status == 0 else { return "\(definition.name) has failed at the event '\(event.line)'" }
        guard standing.take(flat) else {
            return "\(definition.name) cannot go on: it evaluates a vector that is none of the peer's own"
        }
        ledger = desk.ledger
        return nil
    }
}

/// An audit of a saved algorithm looks at what the library knows of it; the rest is the caller's.
extension ForeignInstance: CustomReflectable {
    var customMirror: Mirror { Mirror(self, children: []) }
}
