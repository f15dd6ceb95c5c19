package import Configuration

/// What one peer did in a run, and how well its model does in the end: an entry of `per_peer` in `summary.json`.
public struct PeerSummary: Sendable, Hashable, Decodable {
    /// The learner's number, from 0.
    public var peer: Int
    /// Gradient steps that it made.
    public var steps: Int
    /// Training samples that it learned from, one that came again counted again.
    public var samples: Int
    /// Messages to all other peers, servers among them.
    public var messagesSent: Int
    /// Bytes of the payloads of those messages.
    public var bytesSent: Int
    /// Seconds of training until the peer's last step. Gradients, updates and waiting add up to it.
    public var trainSeconds: Double
    /// Seconds in which gradients were computed.
    public var gradientSeconds: Double
    /// Seconds in which the node took the optimizer's step, mixed and sent, while the next gradient waited for it.
    public var updateSeconds: Double
    /// Seconds in which the node handled messages: on its own thread, beside gradients or waiting.
    public var communicationSeconds: Double
    /// What remains of `trainSeconds` beside the three above; never negative.
    public var waitingSeconds: Double
    /// Test accuracy of the peer's model, from 0 to 1; nil where there is none.
    public var accuracy: Double?
    /// Mean test loss of the peer's model; nil where it is no finite number.
    public var loss: Double?

    /// Updates of the peer's stage between a pass' way forward and its gradient, in the mean and at the most; nil where
    /// peers compute whole gradients, and absent then.
    public var stalenessMean: Double?
    /// See `stalenessMean`.
    public var stalenessMax: Int?

    /// Seconds of training until the peer died; nil where it did not, and absent then. The dead have no accuracy.
    public var diedAtSeconds: Double?

    /// The share of its time of training in which the peer computed no gradient, from 0 to 1.
    package var idleShare: Double {
        trainSeconds > 0 ? min(max(0, 1 - gradientSeconds / trainSeconds), 1) : 0
    }

    /// With more peers than this the tables of who sent to whom are left out: they grow by the square.
    public static let pairLimit = 256

    /// All figures of a peer; one without `diedAtSeconds` lived to the end.
    public init(
        peer: Int, steps: Int, samples: Int, messagesSent: Int, bytesSent: Int, trainSeconds: Double,
        gradientSeconds: Double, updateSeconds: Double, communicationSeconds: Double, waitingSeconds: Double,
        accuracy: Double?, loss: Double?, stalenessMean: Double? = nil, stalenessMax: Int? = nil,
        diedAtSeconds: Double? = nil
    ) {
        self.peer = peer
        self.steps = steps
        self.samples = samples
        self.messagesSent = messagesSent
        self.bytesSent = bytesSent
        self.trainSeconds = trainSeconds
        self.gradientSeconds = gradientSeconds
        self.updateSeconds = updateSeconds
        self.communicationSeconds = communicationSeconds
        self.waitingSeconds = waitingSeconds
        self.accuracy = accuracy
        self.loss = loss
        self.stalenessMean = stalenessMean
        self.stalenessMax = stalenessMax
        self.diedAtSeconds = diedAtSeconds
    }

    package enum CodingKeys: String, CodingKey {
        case peer, steps, samples, accuracy, loss
        case messagesSent = "messages_sent"
        case bytesSent = "bytes_sent"
        case trainSeconds = "train_seconds"
        case gradientSeconds = "gradient_seconds"
        case updateSeconds = "update_seconds"
        case communicationSeconds = "communication_seconds"
        case waitingSeconds = "waiting_seconds"
        case stalenessMean = "staleness_mean"
        case stalenessMax = "staleness_max"
        case diedAtSeconds = "died_at_seconds"
    }

    package var json: JSON {
        var fields: [(CodingKeys, JSON)] = [
            (.peer, .integer(peer)), (.steps, .integer(steps)), (.samples, .integer(samples)),
            (.messagesSent, .integer(messagesSent)), (.bytesSent, .integer(bytesSent)),
            (.trainSeconds, .number(trainSeconds)), (.gradientSeconds, .number(gradientSeconds)),
            (.updateSeconds, .number(updateSeconds)), (.communicationSeconds, .number(communicationSeconds)),
            (.waitingSeconds, .number(waitingSeconds)), (.accuracy, accuracy.map(JSON.number) ?? .null),
            (.loss, loss.map(JSON.number) ?? .null),
        ]
        if let stalenessMean, let stalenessMax {
            fields += [(.stalenessMean, .number(stalenessMean)), (.stalenessMax, .integer(stalenessMax))]
        }
        if let diedAtSeconds { fields.append((.diedAtSeconds, .number(diedAtSeconds))) }
        return .object(fields.map { ($0.rawValue, $1) })
    }
}
