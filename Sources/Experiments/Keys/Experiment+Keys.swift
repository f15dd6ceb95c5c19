import Configuration
import Datasets
import Models

extension Experiment {
    /// Every key of the experiment file, in the order in which it is written.
    ///
    /// The upper bounds lie far above any run and such that no product of them leaves the range of an integer.
    package static let entries: [Entry] = [
        .key(Key("name", \.name, .text, "the name of the run and of its folder")),
        .key(Key("seed", \.seed, .integer(0 ... .max), "fixes every draw: data, initial models, algorithms")),
        .section(data),
        .section(
            Section(
                name: "partition", meaning: "which peer learns from which samples",
                choice: Section.Selector(
                    key: "kind", noun: "partition", path: \.partition, registry: \.partitions),
                keys: [])),
        .key(
            Key(
                "common_start", \.commonStart, .boolean,
                "whether all peers start from one initial model; otherwise each draws its own")),
        .section(model),
        choice("optimizer", "how a gradient becomes a step", \.optimizer, \.optimizers),
        choice("schedule", "how the learning rate changes with time", \.schedule, \.schedules),
        .key(Key("peers", \.peers, .integer(1...1_000_000), "how many learners there are")),
        .key(Key("threads_per_peer", \.threadsPerPeer, .integer(1...1024), "threads that compute a peer's gradient")),
        .key(Key("batch", \.batch, .integer(1...1_000_000_000), "samples in a step of one peer")),
        .key(
            Key(
                "epochs", \.epochs, .number(.leastNonzeroMagnitude...1e6),
                "passes over the whole training set by all peers together")),
        .key(Key("steps", \.steps, .integer(1...1_000_000_000_000), "gradient steps of each peer, instead of epochs")),
        choice("algorithm", "how the peers learn from each other", \.algorithm, \.algorithms),
        .section(compression),
        choice("topology", "who may talk to whom", \.topology, \.topologies),
        .key(
            Key(
                "precision", \.precision, .choice(Precision.allCases.map(\.rawValue)),
                "the numbers in which gradients are computed")),
        choice("transport", "what carries the messages", \.transport, \.transports),
        .section(evaluate), .section(checkpoint), .section(save),
        .key(
            Key(
                "stragglers", \.stragglers, .factors,
                "how many times slower than the others a peer is, such as {0: 4.0}")),
        .section(simulation),
    ]

    private static let data = Section(
        name: "data", meaning: "the samples to learn from and to test on",
        choice: Section.Selector(
            key: "name", noun: "data set", path: \.data.source, registry: \.datasets),
        keys: [
            Key("path", \.data.path, .text, "the folder of the files; null: the usual places"),
            Key(
                "train_samples", \.data.trainSamples, .integer(1 ... .max),
                "how many training samples to use; null: all"),
            Key(
                "validation_samples", \.data.validationSamples, .integer(0 ... .max),
                "how many training samples to set apart for validation"),
            Key("test_samples", \.data.testSamples, .integer(1 ... .max), "how many test samples to use; null: all"),
            Key(
                "augment", \.data.augment, .choice(Augmentation.allCases.map(\.rawValue)),
                "how training samples are varied"),
            Key("normalize", \.data.normalize, .boolean, "whether inputs get mean 0 and standard deviation 1"),
            Key(
                "last_batch", \.data.lastBatch, .choice(LastBatch.allCases.map(\.rawValue)),
                "whether the rest of an epoch that fills no batch is used"),
            Key(
                "workers", \.data.workers, .integer(0...256),
                "threads that decode pictures ahead of the steps; 0: the steps do; null: one a core, 4 at most"),
        ])

    private static let model = Section(
        name: "model", meaning: "the network that every peer trains",
        choice: Section.Selector(key: "name", noun: "model", path: \.model, registry: \.models),
        keys: [
            Key(
                "weights", \.weights, .text,
                "the safetensors file that all peers start from, by PyTorch's names; null: drawn from the seed")
        ])

    private static let compression = Section(
        name: "compression", meaning: "how the vectors that peers send become fewer bytes",
        choice: Section.Selector(key: "name", noun: "compressor", path: \.compression, registry: \.compressors),
        keys: [
            Key(
                "error_feedback", \.errorFeedback, .boolean,
                "whether what a message leaves out comes with later ones; null: wherever the algorithm bears it"),
            Key(
                "rate", \.compressionRate, .number(.leastNonzeroMagnitude...1),
                "the share of the way that mixing goes in a round (gamma); null: the compressor's own"),
        ])

    private static let evaluate = Section(
        name: "evaluate", meaning: "when the models are tested", choice: nil,
        keys: [
            Key(
                "every_epochs", \.evaluate.everyEpochs,
                .number(.leastNonzeroMagnitude ... .greatestFiniteMagnitude), "epochs between two tests"),
            Key(
                "target_accuracy", \.evaluate.targetAccuracy, .number(0...1),
                "the test accuracy of the evaluated model whose time is recorded"),
            Key("stop_at_target", \.evaluate.stopAtTarget, .boolean, "whether the run ends at the target accuracy"),
        ])

    private static let checkpoint = Section(
        name: "checkpoint", meaning: "when the state of the run is saved", choice: nil,
        keys: [
            Key(
                "every_epochs", \.checkpoint.everyEpochs,
                .number(.leastNonzeroMagnitude ... .greatestFiniteMagnitude),
                "epochs between two checkpoints; null: none"),
            Key(
                "keep_last", \.checkpoint.keepLast, .integer(1 ... .max), "how many checkpoints are kept"),
            Key(
                "resume", \.checkpoint.resume, .text,
                "the checkpoint to go on from: its folder, that of its run, or last for the newest of the run"),
        ])

    private static let save = Section(
        name: "save", meaning: "which models a run leaves", choice: nil,
        keys: [
            Key("peers", \.save.peers, .boolean, "whether each peer's model is left, too, beside the evaluated one")
        ])

    private static func choice(
        _ name: String, _ meaning: String, _ path: SettingPath<Choice>,
        _ registry: any KeyPath<Registries, [Description]> & Sendable
    ) -> Entry {
        .section(
            Section(
                name: name, meaning: meaning,
                choice: Section.Selector(key: "name", noun: name, path: path, registry: registry),
                keys: []))
    }

    /// The paths of all keys that there may be, `optimizer.learning_rate`, the options of everything that can be chosen
    /// among them.
    package static func paths(_ registries: Registries) -> [String] {
        entries.flatMap { entry -> [String] in
            guard case .section(let section) = entry else { return [entry.name] }
            var keys = section.keys.map(\.name)
            if let choice = section.choice {
                keys += [choice.key] + registries[keyPath: choice.registry].flatMap { $0.options.flatMap(\.paths) }
            }
            return [section.name] + keys.map { "\(section.name).\($0)" }
        }
    }
}
