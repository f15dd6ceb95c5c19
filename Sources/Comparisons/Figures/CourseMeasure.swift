import Reports

/// What a figure shows of how runs went.
enum CourseMeasure: String, Sendable, CaseIterable {
    case accuracy, loss
    case trainingLoss = "training_loss"
    case consensusDistance = "consensus_distance"

    var title: String {
        switch self {
        case .accuracy: "test accuracy"
        case .loss: "test loss"
        case .trainingLoss: "training loss"
        case .consensusDistance: "consensus distance"
        }
    }

    /// The points of a run at which it was measured.
    func points(_ course: RunCourse) -> [(point: RunCourse.Point, value: Double)] {
        let points = self == .trainingLoss ? course.training : course.tests
        return points.compactMap { point in value(point).map { (point, $0) } }
    }

    private func value(_ point: RunCourse.Point) -> Double? {
        switch self {
        case .accuracy: point.accuracy
        case .loss, .trainingLoss: point.loss
        case .consensusDistance: point.consensusDistance
        }
    }
}

/// What a figure shows it against.
enum CourseAxis: String, Sendable, CaseIterable {
    case seconds, samples, epochs, bytes

    var title: String {
        switch self {
        case .seconds: "seconds of training"
        case .samples: "samples seen by all peers"
        case .epochs: "passes over the training set"
        case .bytes: "bytes sent by all peers"
        }
    }

    func value(_ point: RunCourse.Point) -> Double {
        switch self {
        case .seconds: point.seconds
        case .samples: point.samples
        case .epochs: point.epoch
        case .bytes: point.bytes
        }
    }
}
