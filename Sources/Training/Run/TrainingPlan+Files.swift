package import Checkpoints
import Experiments
public import Records
public import Runs
public import Vectors
public import Workloads

extension CheckpointManifest {
    /// The manifest of a plan's run in which the peers have made these steps, without files.
    package init(_ plan: TrainingPlan, stepsMade: [UInt64]) {
        self.init(
            stepsMade: stepsMade, of: plan.steps, learnerSteps: plan.length.ofLearners,
            data: plan.workload.fingerprint, layout: plan.layout, settings: plan.experiment.settings)
    }
}

extension PredictionsFile {
    /// Writes what a run's evaluated model says of the test samples into the run's folder. Nothing where nothing is
    /// classified, or where there are too many samples.
    public static func write(_ answers: [Answer], of plan: TrainingPlan, in folder: RunFolder) throws(OutputError) {
        guard let record = record(answers, of: plan.workload) else { return }
        try folder.write(record.text, to: PredictionsRecord.fileName)
    }
}

extension ModelFile {
    /// Writes the parameters of a run's model and the statistics of its batch-norms, whole or not at all. Throws an
    /// `OutputError` when the file cannot be written.
    public static func write(_ model: Payload, of plan: TrainingPlan, to path: String) throws {
        try write(model, of: plan.workload, plan.experiment, to: path)
    }

    /// Writes the models of a run into its folder: the evaluated one as `model.safetensors`, and each learner's that is
    /// kept as `model-peer-N.safetensors`.
    public static func write(
        _ model: Payload, peers: [Payload?], of plan: TrainingPlan, in folder: RunFolder
    ) throws {
        try write(model, of: plan, to: folder.file("model.safetensors"))
        for case (let peer, let model?) in peers.enumerated() {
            try write(model, of: plan, to: folder.file("model-peer-\(peer).safetensors"))
        }
    }
}
