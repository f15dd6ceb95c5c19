import Bridge
import CMurmur
import Configuration
import Testing

/// Algorithms from outside, in the simulator and under its checks.
struct OutsideAlgorithmTests {
    private static let rough = TrialSimulation.World(
        network: #"{"latency": "heavy-tailed", "latency_ms": 5, "loss": 0.05, "compute_spread": 0.5}"#,
        faults: #"[{"crash": 3, "at": "150ms"}, {"drop": 0.1}, {"duplicate": 0.2}, {"delay": 0.3, "by": "20ms"}]"#,
        stragglers: #"{"1": 3}"#)

    private func run(_ name: String, _ mistake: OutsideDPSGD.Mistake, _ change: (inout TrialSimulation.World) -> Void)
        throws -> (TrialSimulation, JSON)
    {
        #expect(OutsideDPSGD.register(name, mistake) == 0)
        var world = Self.rough
        world.algorithm = name
        change(&world)
        let trial = try TrialSimulation(world)
        return (trial, try trial.run())
    }

    @Test func dpsgdFromOutsideIsTheLibrarysOwnToTheBit() throws {
        let (outside, report) = try run("outside-equal", .none) { _ in }
        let own = try TrialSimulation(Self.rough)
        let ownReport = try own.run()
        #expect(report.text("ending") == "completed")
        #expect(report.text("digest") == ownReport.text("digest"))
        #expect(try outside.allModels() == own.allModels())
    }

    @Test func mistakesAreFound() throws {
        let (_, kept) = try run("outside-keeps", .keepsForever) { _ in }
        #expect(kept.text("ending") == "violated")
        #expect(kept.text("sentence")?.contains("holds") == true)
        let (_, deaf) = try run("outside-deaf", .ignoresDeaths) { _ in }
        #expect(deaf.text("sentence")?.contains("waits forever") == true)
        let (_, minted) = try run("outside-mints", .mintsMass) { $0.faults = "[]" }
        #expect(minted.text("ending") == "violated")
        let (_, gone) = try run("outside-gone", .namesWhatIsGone) { $0.faults = "[]" }
        #expect(gone.text("ending") == "abandoned")
        #expect(gone.text("sentence")?.contains("is not there; keep what is needed later") == true)
        let (_, failed) = try run("outside-fails", .fails) { $0.faults = "[]" }
        #expect(failed.text("sentence")?.contains("has failed at the event 'gradient") == true)
    }

    private func complaints(_ name: String, seeds: Range<UInt64>, isWild: UInt32 = 0) throws -> [String] {
        try seeds.flatMap { seed -> [String] in
            var text = [CChar](repeating: 0, count: 1 << 16)
            var length: UInt64 = 0
            try TrialSimulation.check(
                murmur_algorithm_check(name, nil, seed, isWild, &text, UInt64(text.count), &length))
            let record = try JSON(parsing: text.prefix(Int(length)).map { UInt8(bitPattern: $0) })
            guard case .array(let complaints)? = record["complaints"] else { return ["no list"] }
            return complaints.map { "seed \(seed): \($0.text)" }
        }
    }

    @Test func theChecksFindNothingInWhatIsRight() throws {
        #expect(OutsideDPSGD.register("outside-right") == 0)
        #expect(try complaints("outside-right", seeds: 0..<28) == [])
        #expect(try complaints("outside-right", seeds: 0..<14, isWild: 1) == [])
        #expect(try complaints("gosgd", seeds: 0..<14) == [])
        #expect(try complaints("dpsgd", seeds: 0..<14) == [])
    }

    @Test func theChecksFindWhatIsWrong() throws {
        let mistakes: [OutsideDPSGD.Mistake] = [.mixesAsItComes, .keepsForever, .ignoresDeaths, .namesWhatIsGone]
        for mistake in mistakes {
            let name = "outside-wrong-\(mistake.rawValue)"
            #expect(OutsideDPSGD.register(name, mistake) == 0)
            #expect(try !complaints(name, seeds: 2..<12).isEmpty, "\(mistake)")
        }
    }

    @Test func namesOfTheLibrarysOwnAreRefused() {
        #expect(OutsideDPSGD.register("gosgd") == Int32(MURMUR_INVALID.rawValue))
        #expect(String(cString: murmur_last_error()).contains("one of the library's own"))
        #expect(OutsideDPSGD.register("No Name") == Int32(MURMUR_INVALID.rawValue))
    }
}
