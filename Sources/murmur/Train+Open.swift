import ArgumentParser
import Configuration
import Experiments
import Foundation
import Records
import Runs
import Runtime
import Training

/// Training on an open network: the peer of this process begins a run, or gets into one.
extension Train {
    /// After so many seconds a peer gives up that waits for as long as it takes: some thirty years.
    static let endlessPatienceSeconds = 1e9

    /// Takes part over a transport, with the settings of `loaded`, which must be those of the others.
    func takePart(
        over transport: any LinkTransport, _ loaded: LoadedExperiment, console: Console, stop: StopRequest
    ) throws {
        guard !watching.trace else {
            throw ConfigurationError(
                key: "--trace", "a trace needs to know all peers, and on an open network nobody does; leave it out")
        }
        let member = try transport.member(
            loaded.experiment.transport.options, environment: ProcessInfo.processInfo.environment, console: console)
        if !member.terms.isFounder {
            let patience = Self.endlessPatienceSeconds
            guard let told = try member.told(patienceSeconds: patience, console: console, stop: stop) else {
                throw ExitCode.signal(stop.signal ?? SIGTERM)
            }
            try loaded.refuseDifference(to: told.text, by: told.teller, registries: .all)
        }
        try takePart(as: member, loaded, patienceSeconds: nil, console: console, stop: stop)
    }

    /// Takes part as somebody who knows that its settings are those of the others.
    ///
    /// - Parameter patienceSeconds: After so long without a link the peer gives up; nil for never.
    func takePart(
        as member: any LinkMember, _ loaded: LoadedExperiment, patienceSeconds: Double?, console: Console,
        stop: StopRequest
    ) throws {
        try RunFolder.check(output: output, force: force)
        let plan = try plan(loaded, terms: member.terms)
        for remark in plan.remarks { console.say(remark) }
        let run = try plan.linkRun
        let network = try member.open(run)
        let links = OpenLinks(
            network, member.terms, run, patienceSeconds: patienceSeconds, unixSeconds: LinkClock.system.unixSeconds)
        let addresses = network.status().addresses
        if !addresses.isEmpty { console.say("listens at \(addresses.joined(separator: ", "))") }
        do {
            try carryOut(plan, loaded, links: links, console: console, stop: stop)
        } catch {
            // Where the run has ended its links this does nothing.
            network.end(isFinished: false)
            throw error
        }
    }
}

extension LinkTransport {
    /// Who the user's peer is, which is said.
    func member(
        _ options: Options, environment: [String: String], console: Console
    ) throws -> any LinkMember {
        let member: any LinkMember
        do {
            member = try self.member(options, environment: environment, clock: .system)
        } catch let error as ConfigurationError {
            throw error.key?.hasPrefix("transport") == false ? error.within("transport") : error
        }
        for line in member.introduction { console.say(line) }
        return member
    }
}

extension LinkMember {
    /// The experiment of the others; nil where somebody asked for the end before one of them has told it.
    func told(patienceSeconds: Double, console: Console, stop: StopRequest) throws -> (text: String, teller: String)? {
        try experiment(
            patienceSeconds: patienceSeconds, isStopped: { stop.signal != nil }, say: { console.say($0) })
    }
}

extension RunFolder {
    /// Writes how the peer of an open network stands.
    func keep(_ status: StatusRecord) throws {
        try write(status.json.text + "\n", to: StatusRecord.fileName)
        try write(status.metrics, to: StatusRecord.metricsName)
    }
}
