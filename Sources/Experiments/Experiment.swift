public import Conditions
public import Configuration
public import Datasets

/// A training run as its file describes it: who learns what from which data, and how they talk to each other.
///
/// The values written here are the defaults. What each key allows and means is declared in `Experiment+Keys.swift`.
/// Read one with `LoadedExperiment`; the options of the named choices are checked and filled in there.
public struct Experiment: Sendable, Hashable {
    public var name = "gosgd-fashion"
    public var seed = 1
    public var data = Data()
    public var partition = Choice("iid")
    public var commonStart = true
    public var model = Choice("cnn")
    public var optimizer = Choice("momentum")
    public var schedule = Choice("constant")
    public var peers = 4
    public var threadsPerPeer = 1
    public var batch = 64
    public var epochs = 8.0
    public var steps: Int?
    public var algorithm = Choice("gosgd")
    public var topology = Choice("complete")
    public var precision = Precision.fp32
    public var transport = Choice("threads")
    public var evaluate = Evaluate()
    public var checkpoint = Checkpoint()
    public var stragglers: [Int: Double] = [:]
    public var save = Save()
    public var simulation = Simulation()

    /// The experiment of the defaults, without the options of its choices.
    public init() {}

    /// Something chosen by its name, with the options that go with that name.
    public struct Choice: Sendable, Hashable {
        public var name: String
        /// A value for every option of the choice, defaults included.
        public var options: Options

        public init(_ name: String, options: Options = Options()) {
            self.name = name
            self.options = options
        }
    }

    /// The samples: where they come from, how many, and what is done to them.
    public struct Data: Sendable, Hashable {
        /// The data set and the options that only it has.
        public var source = Choice("fashion-mnist")
        public var path: String?
        public var trainSamples: Int?
        public var validationSamples = 0
        public var testSamples: Int?
        /// How training samples are varied.
        public var augment = Augmentation.none
        public var normalize = true
        public var lastBatch = LastBatch.keep

        public var name: String { source.name }
    }

    /// The numbers in which a step is computed.
    public enum Precision: String, Sendable, CaseIterable {
        case fp32, bf16
    }

    /// When models are tested.
    public struct Evaluate: Sendable, Hashable {
        public var everyEpochs = 1.0
        public var targetAccuracy: Double?
        public var stopAtTarget = false
    }

    /// When the state of a run is saved, and from where a run goes on.
    public struct Checkpoint: Sendable, Hashable {
        public var everyEpochs: Double?
        public var keepLast = 2
        public var resume: String?
    }

    /// Which models a run leaves.
    public struct Save: Sendable, Hashable {
        /// Whether each peer's model is left beside the evaluated one.
        public var peers = false
    }

    /// The virtual network and machines of the simulator, and what goes wrong there.
    public struct Simulation: Sendable, Hashable {
        /// Fixes the draws of the network, the machines and nothing else; nil: the run's seed.
        public var seed: Int?
        public var latency = Latency.Shape.constant
        public var latencyMilliseconds = 1.0
        public var latencySpread = 0.5
        /// 0 stands for no limit.
        public var bandwidthMegabits = 1000.0
        public var loss = 0.0
        public var detectionMilliseconds = 100.0
        public var computeMilliseconds = 10.0
        public var computeSpread = 0.1
        /// Goes before the other two where it is not empty.
        public var computeTraceMilliseconds: [Double] = []
        public var checkpointEveryMilliseconds = 1000.0
        public var healAt: TimeSpan?
        /// As they stand in the file; `Experiment.faultList` reads them.
        public var faults: [OptionValue] = []
    }
}
