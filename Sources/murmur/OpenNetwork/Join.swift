import ArgumentParser
import Configuration
import Experiments
import Foundation
import OpenTransport
import Runtime
import Training
import Transports

/// `murmur join INVITATION`: into a group and its run at once.
struct Join: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take an invitation, and train with those who are there already.",
        discussion: """
            The experiment is that of the others, unless a file is named; settings behind the invitation are those of \
            this peer: where its data lies, how long it stays. Exit codes: 75 when nobody answers, 77 when the group \
            does not let the peer in, 78 when the experiments differ. docs/open-network.md tells more.
            """)
    @Argument(help: "The line that `murmur group invite` printed, or a file that holds it.") var invitation: String
    @Argument(help: "Settings of this peer: key.path=value.") var overrides: [String] = []
    @ArgumentParser.Option(
        name: [.short, .long], help: "The experiment file; without it the experiment is asked of the others.",
        completion: .file(extensions: ["yaml", "yml"]))
    var config: String?
    @ArgumentParser.Option(help: "What to call the group here, instead of its own name.") var name: String?
    @ArgumentParser.Option(help: "Give up when nobody has answered for so long: 90s, 10min; else wait on.")
    var giveUp: String?
    @ArgumentParser.Option(
        help: "The folder for the records; runs/NAME-TIME by default.", completion: .directory)
    var output: String?
    @Flag(help: "Print the summary as one JSON object.") var json = false
    @Flag(help: "No progress and no remarks on stderr.") var quiet = false
    @Flag(help: "Replace the folder of an earlier run, once this run is done.") var force = false

    func validate() throws { try refuseStray(overrides) }

    func run() throws {
        let console = Console(isQuiet: quiet)
        try reportingFailure(on: console) {
            let signals = try StopSignals(console: console)
            try withExtendedLifetime(signals) { try join(console: console, stop: signals.request) }
        }
    }

    private func join(console: Console, stop: StopRequest) throws {
        let patience = try patienceSeconds
        let invitation = try Invitation(argument: invitation)
        let (store, environment) = try IdentityStore.joining(ProcessInfo.processInfo.environment)
        let stored = try store.accept(invitation, as: name, now: GroupCommand.now)
        guard let entry = Transports.all.first(where: { $0.links != nil }), let transport = entry.links else {
            preconditionFailure("this build has no open network")
        }
        let seeds = invitation.seeds.map { "\"\($0)\"" }.joined(separator: ", ")
        let own =
            ["transport.name=\(entry.description.name)", "transport.group=\(stored.name)"]
            + (seeds.isEmpty ? [] : ["transport.seeds=[\(seeds)]"]) + overrides
        let settings = own.filter { $0.hasPrefix("transport") }
        let options = try LoadedExperiment(file: config, overrides: settings, registries: .all)
            .experiment.transport.options
        let member = try transport.member(options, environment: environment, console: console)
        guard !member.terms.isFounder else {
            throw ConfigurationError(
                key: "transport.seeds",
                "whom to join is not said; name members by transport.seeds=[HOST:PORT], or begin a run of your own by "
                    + "`murmur train transport.name=\(entry.description.name)`")
        }
        guard
            let told = try member.told(
                patienceSeconds: patience ?? Train.endlessPatienceSeconds, console: console, stop: stop)
        else { throw ExitCode.signal(stop.signal ?? 0) }
        let loaded =
            try config == nil
            ? LoadedExperiment(told: told.text, by: told.teller, overrides: own, registries: .all)
            : LoadedExperiment(file: config, overrides: own, registries: .all)
        try loaded.refuseDifference(to: told.text, by: told.teller, registries: .all)
        try train.takePart(as: member, loaded, patienceSeconds: patience, console: console, stop: stop)
    }

    private var patienceSeconds: Double? {
        get throws {
            guard let giveUp else { return nil }
            guard let span = TimeSpan(giveUp), span.seconds > 0 else {
                throw ConfigurationError(
                    key: "--give-up", "'\(excerpt(giveUp))' is no length of time; write it like 90s or 10min")
            }
            return span.seconds
        }
    }

    /// The command that carries out the run, with what was said of its output.
    private var train: Train {
        get throws {
            let flags = [(json, "--json"), (quiet, "--quiet"), (force, "--force")].filter(\.0).map(\.1)
            return try Train.parse(flags + (output.map { ["--output", $0] } ?? []))
        }
    }
}
