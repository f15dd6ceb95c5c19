import CMurmur
import Synchronization

/// The simulations that are open, by the tokens that callers have of them.
enum SimulationTable {
    /// An open simulation, and whose it is.
    ///
    /// `@unchecked Sendable` holds because a simulation is used on the thread alone that opened it, which each call
    /// checks first.
    private final class Entry: @unchecked Sendable {
        let simulation: CalledSimulation
        let thread: UInt64

        init(_ simulation: CalledSimulation) {
            self.simulation = simulation
            thread = cmurmur_thread()
        }
    }

    private struct Entries {
        var next: UInt = 1
        var open: [UInt: Entry] = [:]
    }

    private static let entries = Mutex(Entries())

    /// Takes a simulation in; gives its token.
    static func insert(_ simulation: CalledSimulation) -> OpaquePointer? {
        let entry = Entry(simulation)
        return entries.withLock { entries in
            // Tokens look like no address that anything lies at.
            let token = entries.next * 16 + 1
            entries.next += 1
            entries.open[token] = entry
            return OpaquePointer(bitPattern: token)
        }
    }

    /// The simulation of that token. Throws where there is none, on another thread, and within one of the simulation's
    /// own calls.
    static func simulation(_ token: OpaquePointer?) throws(BridgeError) -> CalledSimulation {
        guard let entry = entry(token) else {
            throw BridgeError(.closed, "this is no open simulation; open one")
        }
        guard entry.thread == cmurmur_thread() else {
            throw BridgeError(.wrongThread, "the simulation belongs to the thread that opened it; call from there")
        }
        guard !entry.simulation.callbacks.isCalling else {
            throw BridgeError(
                .outOfTurn, "the simulation waits for one of your functions; ask it for something when run has returned"
            )
        }
        return entry.simulation
    }

    /// Closes the simulation of that token, if it is open. Throws within one of its own calls.
    static func remove(_ token: OpaquePointer?) throws(BridgeError) {
        guard let entry = entry(token) else { return }
        if entry.thread == cmurmur_thread() { _ = try simulation(token) }
        // Let go of outside of the lock: that calls the caller's functions.
        _ = entries.withLock { $0.open.removeValue(forKey: UInt(bitPattern: token)) }
    }

    private static func entry(_ token: OpaquePointer?) -> Entry? {
        entries.withLock { $0.open[UInt(bitPattern: token)] }
    }
}
