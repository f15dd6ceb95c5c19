import Configuration
import Vectors

/// What a peer is to do, as the caller has said it; nothing of it is checked against other processes yet.
struct PeerSettings: Sendable {
    /// A thing that is chosen by name, with its options.
    struct Choice: Sendable {
        var name: String
        var options = Options()

        init(_ name: String, _ options: Options = Options()) {
            self.name = name
            self.options = options
        }

        /// The choice in one line, in the same words wherever it is the same.
        var text: String {
            options.values.isEmpty ? name : "\(name) \(OptionValue.table(options.values).written)"
        }
    }

    var isServer = false
    var algorithm: Choice
    /// Nil for what the algorithm takes by default.
    var topology: Choice?
    /// Nil where nothing is compressed.
    var compression: Choice?
    /// Nil for the transport whose launcher has started this process.
    var transport: Choice?
    /// Names and shapes of the tensors.
    var layout = VectorLayout()
    /// Nil where it is not known.
    var steps: UInt64?
    var samples = 0
    var stepsPerEpoch = 0
    var seed: UInt64 = 0
    var optimizerHasMomentum = false
    var keepsOwnStart = false
    /// Whether the caller says when its optimizer is about to step.
    var announcesSteps = false

    init(algorithm: Choice) { self.algorithm = algorithm }

    /// Steps of a peer whose caller does not know them: more than anybody makes.
    static let endless: UInt64 = 1 << 40

    /// Steps to make, as the algorithm knows them.
    var stepCount: UInt64 { steps ?? Self.endless }
}
