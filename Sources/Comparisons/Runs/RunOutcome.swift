/// What became of a planned run.
public enum RunOutcome: Sendable {
    /// It is over, and its records are there.
    case finished(FinishedRun)
    /// It could not be carried out; what its command said.
    case failed(PlannedRun, reason: String)
    /// It has not been made: somebody asked for an early end.
    case missing(PlannedRun)

    /// What a reader of a table should know of it; nil where nothing is amiss.
    public var remark: String? {
        switch self {
        case .finished(let run) where run.isDiverged: "\(run.planned.name) diverged: its loss was no number any more"
        case .finished: nil
        case .failed(let run, let reason): "\(run.name) failed: \(reason)"
        case .missing(let run): "\(run.name) has not been made"
        }
    }

    /// Whether it could not be carried out.
    public var isFailure: Bool {
        if case .failed = self { true } else { false }
    }

    /// The run if it is over.
    var finished: FinishedRun? {
        if case .finished(let run) = self { run } else { nil }
    }
}
