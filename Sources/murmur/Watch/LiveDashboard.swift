import Dashboard
import Records
import Synchronization

/// The page on which a run of this process is seen while it goes on.
final class LiveDashboard: Sendable {
    private let server: DashboardServer
    private let isRunning: RunningFlag

    private final class RunningFlag: Sendable {
        let isSet = Atomic(true)
    }

    /// Shows the run in a folder, on a port or, where that is 0, on any that is free, and says where. Throws where the
    /// port cannot be had.
    init(port: UInt16, folder: String, console: Console) throws {
        let isRunning = RunningFlag()
        self.isRunning = isRunning
        server = try DashboardServer(port: port) {
            RunFollower(folder: folder) { isRunning.isSet.load(ordering: .acquiring) }
        }
        console.say("dashboard  \(server.address)")
    }

    /// The run is over: whoever looks is told the rest. May be called twice.
    func finish() {
        isRunning.isSet.store(false, ordering: .releasing)
        server.finish()
    }
}
