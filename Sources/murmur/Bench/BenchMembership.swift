import ArgumentParser
import MembershipTrials

import enum Configuration.JSON

/// `murmur bench membership`: an open group in virtual time, and what befalls it.
struct BenchMembership: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "membership",
        abstract: "Let an open group grow, lose peers, fall apart and heal in virtual time, and show how it fares.",
        discussion: """
            Seconds are those of the group, and the same on every machine; only the last line is about this one. \
            Promised figures are those of groups of 200 and 1000, with nobody or half of them behind NAT.
            """)

    @Option(help: "Peers in the group.") var peers = 200
    @Option(help: "Which share of them nobody can dial, 0 to 0.9.") var nat = 0.0
    @Option(help: "Seed of the group's chances.") var seed: UInt64 = 1
    @Flag(help: "Print one JSON object.") var json = false

    func validate() throws {
        guard 10...4000 ~= peers else { throw ValidationError("--peers is \(peers), and needs 10 to 4000") }
        guard 0...0.9 ~= nat else { throw ValidationError("--nat is \(nat), and needs 0 to 0.9") }
    }

    func run() throws {
        try reportingFailure {
            let begin = ContinuousClock.now
            var trial = MembershipTrial(peers: peers, shareBehindNAT: nat, seed: seed)
            trial.runAll()
            try report(trial, wallSeconds: (ContinuousClock.now - begin) / .seconds(1))
        }
    }

    private func report(_ trial: MembershipTrial, wallSeconds: Double) throws {
        let wallPerTenMinutes = wallSeconds / trial.world.seconds * 600
        if json {
            let figures = MembershipFigure.allCases.map { figure in
                (figure.rawValue, trial.figures[figure].map(JSON.number) ?? .null)
            }
            try put(
                JSON.object([
                    ("figures", .object(figures)), ("nat", .number(nat)), ("peers", .integer(peers)),
                    ("wall_seconds_per_10_minutes", .number(wallPerTenMinutes)),
                ]).sorted.text)
            return
        }
        var table = Table(columns: [.left, .right, .right])
        table.rows = [["\(peers) peers, \(decimal(nat * 100, 0)) % behind NAT", "here", "promised"]]
        table.rows += MembershipFigure.allCases.map { figure in
            [
                figure.rawValue, decimal(trial.figures[figure], 2),
                decimal(figure.goal(peers: peers, shareBehindNAT: nat), 1),
            ]
        }
        let degrees = trial.world.degrees
        try put(
            table.text
                + "at the end: \(trial.world.componentCount) component, \(degrees.fewest) to \(degrees.most) links, "
                + "\(decimal(degrees.mean, 1)) on average\n"
                + "10 minutes of this group took \(decimal(wallPerTenMinutes, 1)) s of this machine")
    }
}
