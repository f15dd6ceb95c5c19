import Configuration
import Datasets
import Experiments
import Gossip
import Runs
import Testing

/// Links that compress what their algorithm cannot bear, and settings of compressors that cannot be: what is refused,
/// by which key, for which reason and with which remedy.
@Suite struct CompressionRefusalTests {
    private func refusal(_ algorithm: String, _ settings: String...) -> String {
        let quadratic = [
            "model.name=quadratic", "model.targets=[[1, 5], [2, 3], [4, 1], [9, 0]]", "optimizer.name=sgd",
        ]
        do {
            let loaded = try LoadedExperiment(
                file: nil, overrides: quadratic + ["algorithm.name=\(algorithm)"] + settings, registries: .all)
            _ = try TrainingPlan(loaded, places: DataPlaces(collection: nil, home: nil))
            return ""
        } catch {
            return "\(error)"
        }
    }

    /// Mass, exact averages, sums that go round, corrections, pieces of a network, servers, and what compresses itself.
    @Test(arguments: Algorithms.all.map(\.name).filter { Algorithms.traits($0).compression == .none })
    func whoNeedsEveryNumberSaysWhoDoesNot(name: String) {
        let refusal = refusal(name, "compression.name=int8")
        #expect(refusal.contains("compression.name") && refusal.contains("\(name) needs every number that is sent"))
        #expect(refusal.contains("set compression.name=none") && refusal.contains("choose an algorithm"))
        for bearer in ["dpsgd", "choco", "gossip-pull"] { #expect(refusal.contains(bearer)) }
    }

    @Test func everyClassIsAmongThem() {
        let none = Set(Algorithms.all.map(\.name).filter { Algorithms.traits($0).compression == .none })
        let wanted: Set = [
            "gosgd", "sgp", "osgp", "grsgd", "allreduce", "d2", "extra", "relaysgd", "nettorrent", "easgd",
        ]
        #expect(none.isSuperset(of: wanted), "\(wanted.subtracting(none)) bear compressed links")
    }

    /// In rounds drawn at random an exact half comes from another peer each time.
    @Test(arguments: ["gossip-pull", "gossip-push"]) func randomCirclesNeedEveryNumber(name: String) {
        let refusal = refusal(name, "algorithm.synchronous=true", "compression.name=int8")
        #expect(refusal.contains("\(name) needs every number that is sent"))
    }

    /// A ratio of 0 keeps nothing, a rank of 0 neither, and gamma of 0 mixes nothing.
    @Test(arguments: [
        ("{name: topk, ratio: 0}", "compression.ratio", "a number from 1e-09 to 1"),
        ("{name: randomk, ratio: 0}", "compression.ratio", "a number from 1e-09 to 1"),
        ("{name: topk, ratio: 1.5}", "compression.ratio", "a number from 1e-09 to 1"),
        ("{name: lowrank, rank: 0}", "compression.rank", "a whole number from 1 to 1024"),
        ("{name: sign, rate: 0}", "compression.rate", "a number above 0 and at most 1"),
        ("{name: sign, ratio: 0.5}", "compression.ratio", "unknown key 'ratio'"),
        ("{name: topp}", "compression.name", "did you mean 'topk'?"),
    ]) func numbersThatKeepNothingAreRefused(compression: String, key: String, words: String) {
        let refusal = refusal("dpsgd", "compression=\(compression)")
        #expect(refusal.contains(key) && refusal.contains(words), "\(refusal)")
    }

    /// However small the ratio, a number of each tensor goes.
    @Test func theLeastRatioKeepsANumber() {
        #expect(refusal("choco", "compression={name: topk, ratio: 1e-9}").isEmpty)
    }

    @Test func whoIsMadeForDifferencesSendsNothingElse() {
        let refusal = refusal("choco", "compression={name: int8, error_feedback: false}")
        #expect(refusal.contains("compression.error_feedback") && refusal.contains("differences from replicas"))
        #expect(refusal.contains("leave it true"))
        // Without a compressor it is D-PSGD.
        #expect(self.refusal("choco").isEmpty && self.refusal("choco", "compression.name=sign").isEmpty)
    }

    @Test(arguments: ["gossip-pull", "gossip-push"]) func whoDrawsPartnersHasNoReplicas(name: String) {
        let refusal = refusal(name, "compression={name: int8, error_feedback: true}")
        #expect(refusal.contains("compression.error_feedback") && refusal.contains("nobody can keep a replica"))
        #expect(refusal.contains("leave it out, or choose an algorithm that mixes over the graph"))
        #expect(self.refusal(name, "compression.name=int8").isEmpty)
        let rate = self.refusal(name, "compression={name: int8, rate: 0.5}")
        #expect(rate.contains("compression.rate") && rate.contains("leave it out"))
    }

    /// A message by itself must be nearly the vector.
    @Test(arguments: ["topk", "randomk", "sign", "qsgd", "lowrank"]) func aPieceIsNoModel(name: String) {
        for (algorithm, feedback, remedy) in [
            ("dpsgd", ", error_feedback: false", "set compression.error_feedback=true"),
            ("gossip-pull", "", "choose a compressor that keeps all of them, such as int8"),
        ] {
            let refusal = refusal(algorithm, "compression={name: \(name)\(feedback)}")
            #expect(refusal.contains("compression.name") && refusal.contains("\(name) keeps a part"), "\(refusal)")
            #expect(refusal.contains(remedy), "\(refusal)")
        }
    }

    /// Neighbours cannot be judged by models that come late and in pieces.
    @Test(arguments: ["aggregation=clipped", "aggregation={name: krum, byzantine: 0}", "trust={}"])
    func whoJudgesHearsWholeModels(judgement: String) {
        for feedback in ["true", "false"] {
            let refusal = refusal(
                "dpsgd", "algorithm.\(judgement)", "compression={name: int8, error_feedback: \(feedback)}")
            #expect(refusal.contains("compression.name") && refusal.contains("judges neighbours by the models"))
            #expect(refusal.contains("leave algorithm.\(judgement.prefix { $0 != "=" }) out"), "\(refusal)")
        }
        // One whose messages are whole models may judge them.
        if judgement != "aggregation={name: krum, byzantine: 0}" {
            #expect(self.refusal("gossip-pull", "algorithm.\(judgement)", "compression.name=int8").isEmpty)
        }
    }

    /// Both ends of an edge move by the opposite of each other only where they weigh each other alike.
    @Test func edgesGoBothWays() {
        let refusal = refusal("dpsgd", "topology.name=directed-ring", "compression.name=sign")
        #expect(refusal.contains("topology.") && refusal.contains("compression needs a symmetric mixing matrix"))
    }

    /// What is said of links that compress nothing.
    @Test(arguments: ["error_feedback: true", "rate: 0.5"]) func withoutACompressorNothingIsSetOfIt(setting: String) {
        let refusal = refusal("choco", "compression={\(setting)}")
        #expect(refusal.contains("nothing is compressed; leave it out, or set compression.name"), "\(refusal)")
    }
}
