public import Conditions
public import Configuration
public import Datasets
public import Models

/// A training run as its file describes it: who learns what from which data, and how they talk to each other.
///
/// The values written here are the defaults. What each key allows and means is declared in `Experiment+Keys.swift`.
/// Read one with `LoadedExperiment`; the options of the named choices are checked and filled in there.
public struct Experiment: Sendable, Hashable {
    /// The name of the run and of its folder.
    public var name = "gosgd-fashion"
    /// Fixes every draw: data, initial models, algorithms.
    public var seed = 1
    /// The samples to learn from and to test on.
    public var data = Data()
    /// Which learner gets which training samples.
    public var partition = Choice("iid")
    /// Whether all learners start from one initial model; otherwise each draws its own.
    public var commonStart = true
    /// The network that every learner trains, or another objective in its place.
    public var model = Choice("cnn")
    /// The safetensors file that every learner's network starts from; nil: drawn from the seed.
    public var weights: String?
    /// How a gradient becomes a step.
    public var optimizer = Choice("momentum")
    /// How the learning rate changes with the steps.
    public var schedule = Choice("constant")
    /// Learners of the run; an algorithm's servers are not among them.
    public var peers = 4
    /// Threads that compute one learner's gradient.
    public var threadsPerPeer = 1
    /// Samples in one step of one learner.
    public var batch = 64
    /// Passes over the training set by all learners together; idle where `steps` is given.
    public var epochs = 8.0
    /// Gradient steps of each learner; nil: as many as the epochs take.
    public var steps: Int?
    /// How the learners learn from each other.
    public var algorithm = Choice("gosgd")
    /// How the vectors that learners send become fewer bytes.
    public var compression = Choice("none")
    /// Whether what a compressed message leaves out comes with later ones; nil: wherever the algorithm bears it.
    public var errorFeedback: Bool?
    /// The share of the way that mixing goes in a round over links that compress; nil: the compressor's own.
    public var compressionRate: Double?
    /// Who may talk to whom.
    public var topology = Choice("complete")
    /// The numbers in which gradients are computed.
    public var precision = Precision.fp32
    /// What carries the messages.
    public var transport = Choice("threads")
    /// When models are tested, and what accuracy is aimed at.
    public var evaluate = Evaluate()
    /// When the state of the run is saved, and from where it goes on.
    public var checkpoint = Checkpoint()
    /// How many times slower than the others a learner computes, by its number; 1 for those not named.
    public var stragglers: [Int: Double] = [:]
    /// Which models are left beside the evaluated one.
    public var save = Save()
    /// The simulator's network, machines and faults; a real run takes its faults from here, too.
    public var simulation = Simulation()

    /// What tells this process's peer from the others of an open network, so that it draws for itself. No key of the
    /// file: it follows from the peer's own.
    package var drawKey: UInt64?

    /// Samples in one step of all learners together.
    package var samplesPerStep: Double { Double(division == nil ? peers : 1) * Double(batch) }

    /// The experiment of the defaults, without the options of its choices.
    public init() {}

    /// Something chosen by its name, with the options that go with that name.
    public struct Choice: Sendable, Hashable {
        /// The word by which it is known in its registry.
        public var name: String
        /// A value for every option of the choice, defaults included.
        public var options: Options

        /// Options that are not given are filled in only when an experiment is read.
        public init(_ name: String, options: Options = Options()) {
            self.name = name
            self.options = options
        }
    }

    /// The samples: where they come from, how many, and what is done to them.
    public struct Data: Sendable, Hashable {
        /// The data set and the options that only it has.
        public var source = Choice("fashion-mnist")
        /// The folder of the data set's files; nil: the usual places.
        public var path: String?
        /// Training samples to learn from, those for validation not among them; nil: all the others.
        public var trainSamples: Int?
        /// Training samples that are set apart for validation, so that nobody learns from them.
        public var validationSamples = 0
        /// Test samples to use; nil: all.
        public var testSamples: Int?
        /// How training samples are varied.
        public var augment = Augmentation.none
        /// Whether inputs are shifted and scaled to mean 0 and standard deviation 1.
        public var normalize = true
        /// What becomes of the samples at the end of an epoch that fill no batch.
        public var lastBatch = LastBatch.keep
        /// Threads of each process that decode pictures ahead of the steps; nil: as many as it has cores, 4 at most.
        /// None are needed, and none begun, for images in memory.
        public var workers: Int?

        /// The name of the data set.
        public var name: String { source.name }
    }

    /// When models are tested.
    public struct Evaluate: Sendable, Hashable {
        /// Epochs between two tests; may be a fraction.
        public var everyEpochs = 1.0
        /// The test accuracy, from 0 to 1, of the evaluated model whose time is recorded; nil: none.
        public var targetAccuracy: Double?
        /// Whether the run ends as soon as the target accuracy is reached.
        public var stopAtTarget = false
    }

    /// When the state of a run is saved, and from where a run goes on.
    public struct Checkpoint: Sendable, Hashable {
        /// Epochs between two checkpoints; nil: none are written.
        public var everyEpochs: Double?
        /// Checkpoints that are kept, at least 1; older ones are removed.
        public var keepLast = 2
        /// The checkpoint to go on from: its folder, that of its run, or `last`; nil: a run from the start.
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
        /// How the time that a message is under way is distributed.
        public var latency = Latency.Shape.constant
        /// The mean time that a message is under way.
        public var latencyMilliseconds = 1.0
        /// Standard deviation of that time as a share of its mean, where it is not constant.
        public var latencySpread = 0.5
        /// Megabits a second that a link carries; 0 stands for no limit.
        public var bandwidthMegabits = 1000.0
        /// The share of messages that get lost, from 0 to 1.
        public var loss = 0.0
        /// Time from a peer's crash until the others know of it.
        public var detectionMilliseconds = 100.0
        /// How long what is in doubt behind a broken link waits for the next connection, on an open network; nil: the
        /// network is closed, and everybody knows of everybody.
        public var doubtMilliseconds: Double?
        /// The mean time that a gradient takes.
        public var computeMilliseconds = 10.0
        /// Standard deviation of that time as a share of its mean.
        public var computeSpread = 0.1
        /// Measured times of gradients, taken in turn and then from the first again; where it is not empty it goes
        /// before the other two.
        public var computeTraceMilliseconds: [Double] = []
        /// Time between two checkpoints of a peer, from which it comes back after a crash.
        public var checkpointEveryMilliseconds = 1000.0
        /// The moment from which on nothing goes wrong any more; nil: there is none.
        public var healAt: TimeSpan?
        /// As they stand in the file; `Experiment.faultList` reads them.
        public var faults: [OptionValue] = []
        /// Virtual time between two tests of all models as they are at that moment, in the place of tests by epochs;
        /// nil: those.
        public var testEveryMilliseconds: Double?
        /// Threads that compute gradients, which come to the same whatever their number; nil: one a core.
        public var workers: Int?
    }
}
