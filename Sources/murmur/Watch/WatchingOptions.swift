import ArgumentParser

/// How a run may be watched, on threads and in virtual time.
struct WatchingOptions: ParsableArguments {
    @Flag(help: "Put down in trace.json what every peer does when, for Perfetto.") var trace = false
    @Option(
        help: ArgumentHelp(
            "Show the run in a browser on this machine while it goes on; without a port on one that is free.",
            valueName: "port"))
    var dashboard: UInt16?
}
