import Configuration
import Graphs
import Randomness
import Testing

@testable import Gossip

@Suite struct NetTorrentTests {
    private static let schedules = ["gpipe", "1f1b", "asynchronous"]

    private func settings(_ schedule: String, slots: Int, microbatches: Int = 3) -> [String: OptionValue] {
        [
            "schedule": .text(schedule), "peers_per_stage": .integer(slots), "microbatches": .integer(microbatches),
        ]
    }

    /// The models of every peer after every update.
    private func models(
        _ schedule: String, stages: Int, slots: Int, hasNorms: Bool = true, seed: UInt64, deaths: [Int: Int] = [:]
    ) throws -> LayerWorld {
        var world = try LayerWorld(
            settings(schedule, slots: slots), peers: stages * slots, steps: 4, hasNorms: hasNorms, seed: seed)
        world.run(deaths: deaths)
        return world
    }

    private func checkEnd(_ world: LayerWorld, _ schedule: String, slots: Int, _ note: String) {
        for (index, peer) in world.peers.enumerated() where peer.isAlive {
            #expect(
                peer.isFinished && peer.abandonment == nil,
                "peer \(index) is not done (\(peer.abandonment ?? "waits")), \(note)")
            #expect(peer.steps == 4 && peer.models.count == (schedule == "asynchronous" ? 12 : 4), "\(note)")
            #expect(peer.heldPayloads == 0, "peer \(index) holds payloads, \(note)")
            let others = world.peers[(index / slots * slots)...].prefix(slots).filter(\.isAlive)
            #expect(others.allSatisfy { $0.models == peer.models }, "the slots of a stage differ, \(note)")
        }
    }

    /// Whatever comes first, the synchronous schedules compute the same.
    @Test(arguments: ["gpipe", "1f1b"]) func theOrderOfArrivalChangesNothing(_ schedule: String) throws {
        let first = try models(schedule, stages: 3, slots: 2, seed: 0)
        for seed in 1..<40 {
            let world = try models(schedule, stages: 3, slots: 2, seed: UInt64(seed))
            checkEnd(world, schedule, slots: 2, "seed \(seed)")
            #expect(world.peers.map(\.models) == first.peers.map(\.models), "seed \(seed)")
        }
    }

    /// Both synchronous schedules come to the same, with different numbers of passes under way.
    @Test func schedulesDifferInPassesUnderWay() throws {
        let all = try Self.schedules.map { try models($0, stages: 3, slots: 1, hasNorms: false, seed: 1) }
        #expect(all[0].peers.map(\.models) == all[1].peers.map(\.models))
        #expect(all[0].peers[0].mostFlights == 3)
        #expect(all[1].peers.map(\.mostFlights) == [3, 2, 1])
        #expect(all[2].peers.map(\.mostFlights) == [3, 2, 1])
    }

    /// A gradient is behind by at most the updates of the passes under way, and in the last stage by none.
    @Test func stalenessIsBounded() throws {
        var worst = [0, 0, 0]
        for seed in UInt64(0)..<20 {
            let world = try models("asynchronous", stages: 3, slots: 1, seed: UInt64(seed))
            for stage in 0..<3 { worst[stage] = max(worst[stage], world.peers[stage].staleness.max() ?? 0) }
        }
        #expect(worst == [2, 1, 0])
    }

    /// A peer dies at any moment: the others go on, and the synchronous schedules come to what they had come to.
    @Test(arguments: schedules, [true, false]) func theOthersStandIn(_ schedule: String, hasNorms: Bool) throws {
        let whole = try models(schedule, stages: 3, slots: 3, hasNorms: hasNorms, seed: 0)
        var random = RandomStream(seed: 5, purpose: .test)
        for seed in 0..<300 {
            let (dead, moment) = (Int(random.next() % 9), Int(random.next() % 900))
            let world = try models(
                schedule, stages: 3, slots: 3, hasNorms: hasNorms, seed: UInt64(seed), deaths: [dead: moment])
            let note = "seed \(seed), peer \(dead) dies at \(moment)"
            checkEnd(world, schedule, slots: 3, note)
            guard schedule != "asynchronous" else { continue }
            for (peer, undisturbed) in zip(world.peers, whole.peers) where peer.isAlive {
                #expect(peer.models == undisturbed.models, "\(note)")
            }
        }
    }

    /// Two of a stage die, and one of another. Only where two of a slot die within a step, in stages that are
    /// neighbours, something may be lost; then the run ends, and nobody waits for ever.
    @Test(arguments: ["gpipe", "1f1b"]) func severalDie(_ schedule: String) throws {
        let whole = try models(schedule, stages: 3, slots: 3, seed: 0)
        var random = RandomStream(seed: 6, purpose: .test)
        var losses = 0
        for seed in 0..<300 {
            let stage = Int(random.next() % 3)
            let deaths = [
                3 * stage: Int(random.next() % 700), 3 * stage + 1 + seed % 2: Int(random.next() % 700),
                3 * ((stage + 1) % 3) + seed % 3: Int(random.next() % 700),
            ]
            let world = try models(schedule, stages: 3, slots: 3, seed: UInt64(seed), deaths: deaths)
            if world.peers.contains(where: { $0.isAlive && $0.abandonment?.contains("is lost") == true }) {
                #expect(Set(deaths.keys.map { $0 % 3 }).count < 3, "seed \(seed), deaths \(deaths)")
                losses += 1
                continue
            }
            checkEnd(world, schedule, slots: 3, "seed \(seed), deaths \(deaths)")
            for (peer, undisturbed) in zip(world.peers, whole.peers) where peer.isAlive {
                #expect(peer.models == undisturbed.models, "seed \(seed), deaths \(deaths)")
            }
        }
        #expect(losses < 15)
    }

    @Test func aStageThatDiesWholeEndsTheRun() throws {
        let world = try models("1f1b", stages: 2, slots: 2, seed: 3, deaths: [2: 30, 3: 60])
        for peer in world.peers where peer.isAlive {
            #expect(peer.abandonment?.hasPrefix("stage 1 has died whole") == true)
        }
    }

    @Test(arguments: ["gpipe", "asynchronous"]) func slotsGossip(_ schedule: String) throws {
        var options = settings(schedule, slots: 4)
        options["stage_sync"] = .text("gossip")
        for seed in UInt64(0)..<20 {
            var world = try LayerWorld(options, peers: 8, steps: 4, hasNorms: true, seed: seed)
            world.run()
            #expect(world.peers.allSatisfy { $0.isFinished && $0.steps == 4 && $0.heldPayloads == 0 })
        }
    }

    @Test(arguments: [
        (["peers_per_stage": OptionValue.integer(4)], 6, "6 peers do not make 1 stage of 4; take peers=4"),
        (["stages": .list([.list([.integer(0)]), .list([.integer(1)])])], 6, "6 peers do not make 2 stages of 2"),
        (["peers_per_stage": .integer(1), "stage_sync": .text("gossip")], 2, "peers of a stage gossip where each"),
        (["split": .text("neurons"), "stage_sync": .text("gossip")], 2, "peers of a stage gossip where each"),
    ])
    func badSettingsAreRefused(_ settings: [String: OptionValue], peers: Int, reason: String) throws {
        let error = #expect(throws: ConfigurationError.self) {
            try LayerWorld(settings, peers: peers, steps: 1, hasNorms: false, seed: 0)
        }
        #expect(error?.message.hasPrefix(reason) == true, "\(error?.message ?? "")")
    }
}
