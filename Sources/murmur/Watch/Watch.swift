import ArgumentParser
import Dashboard
import Foundation
import Records

struct Watch: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Watch a run that is under way, or look at one that is over.",
        discussion: """
            Shows what the run in a folder writes into its records, until the run is over: a table that is redrawn on \
            a terminal, plain lines elsewhere. The run does not know of it.
            """)

    @Argument(help: "The folder of the run.", completion: .directory) var folder: String
    @Option(
        help: ArgumentHelp(
            "Show it in a browser on this machine instead, until Ctrl-C; without a port on one that is free.",
            valueName: "port"))
    var dashboard: UInt16?

    func run() throws {
        let console = Console(isQuiet: false)
        try reportingFailure(on: console) {
            guard var follower = RunFollower(folder: folder) else { throw MissingRun(folder: folder) }
            endAtSignals()
            if let dashboard { return try serve(on: dashboard, console: console) }
            var watched = WatchedRun(follower.settings, folder: folder)
            let screen = WatchScreen()
            while !watched.isOver {
                let news = follower.next()
                for one in news { try screen.say(watched.take(one)) }
                guard news.isEmpty else { continue }
                try screen.draw(watched)
                Thread.sleep(forTimeInterval: 0.25)
            }
            try screen.draw(watched)
            if let ending = watched.ending { try put(ending) }
        }
    }

    private func serve(on port: UInt16, console: Console) throws {
        let server = try DashboardServer(port: port) { [folder] in RunFollower(folder: folder) }
        console.say("dashboard  \(server.address)")
        while true { pause() }
    }

    /// Ctrl-C ends at once: there is nothing to be put in order.
    private func endAtSignals() {
        var set = sigset_t()
        sigemptyset(&set)
        for number in [SIGINT, SIGTERM] {
            signal(number) { _exit(128 + $0) }
            sigaddset(&set, number)
        }
        // Whoever started the process may have had it block them.
        pthread_sigmask(SIG_UNBLOCK, &set, nil)
    }
}

/// The folder of a run that is not there.
struct MissingRun: Error, CustomStringConvertible {
    let folder: String

    var description: String {
        "\(folder): is no folder of a run; name one, such as those that `murmur train` makes in runs/"
    }
}
