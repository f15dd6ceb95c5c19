import Synchronization

/// What is found out about a graph when it is first asked, and kept: the graph does not change.
package final class GraphProperties: Sendable {
    private let state = Mutex(State())

    private struct State {
        var isConnected: Bool?
        var bipartition: Bipartition?
        var violations: MixingViolations?
        var leastEigenvalue: Double?
    }

    package func isConnected(_ find: () -> Bool) -> Bool {
        state.withLock { state in
            let found = state.isConnected ?? find()
            state.isConnected = found
            return found
        }
    }

    package func bipartition(_ find: () -> Bipartition) -> Bipartition {
        state.withLock { state in
            let found = state.bipartition ?? find()
            state.bipartition = found
            return found
        }
    }

    package func leastEigenvalue(_ find: () -> Double) -> Double {
        state.withLock { state in
            let found = state.leastEigenvalue ?? find()
            state.leastEigenvalue = found
            return found
        }
    }

    package func violations(_ find: () -> MixingViolations) -> MixingViolations {
        state.withLock { state in
            let found = state.violations ?? find()
            state.violations = found
            return found
        }
    }
}
