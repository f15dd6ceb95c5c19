import Gossip
import Runtime
import Simulator

extension Simulation {
    /// Runs to the end, which is the deadline at the latest, and checks what must hold there: every living peer has
    /// made its steps or said why not, and has let go of every payload.
    func runToEnd() {
        run(until: settings.deadline ?? Time(nanoseconds: .max))
        checkEnd()
    }
}
