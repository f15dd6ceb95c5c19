import ArgumentParser
import Checkpoints
import Configuration
import Datasets
import Experiments
import OpenTransport
import Records
import Reports
import Runtime
import Safetensors
import Training

/// A run whose loss stopped being a number.
struct Divergence: Error, CustomStringConvertible {
    let peer: Int
    let step: Int
    let folder: String

    var description: String {
        "the loss of peer \(peer) was no number after step \(step), so the run ended; try a lower "
            + "optimizer.learning_rate (its records are in \(folder))"
    }
}

/// A run that could not go on without a peer that was gone.
struct Abandonment: Error, CustomStringConvertible {
    let reason: String
    let folder: String

    var description: String { "\(reason), so the run ended (its records are in \(folder))" }
}

extension ExitCode {
    /// A data file is not what it should be.
    static let malformedData = ExitCode(65)
    /// A file that is named or needed is not there.
    static let missingInput = ExitCode(66)
    /// An output exists already or cannot be written.
    static let cannotWrite = ExitCode(73)
    /// Nobody answers on the open network, so far.
    static let nobodyReached = ExitCode(75)
    /// A group does not admit the peer: its certificate or invitation has expired, or was revoked.
    static let notAdmitted = ExitCode(77)
    /// The experiment is wrong.
    static let configuration = ExitCode(78)

    /// The code for an error: the one place where errors become numbers.
    init(for error: any Error) {
        self =
            switch error {
            case let code as ExitCode: code
            case is ExperimentError, is ConfigurationError, is any TransportError: .configuration
            case is MissingExperiment, is MissingRun: .missingInput
            case let error as DataError: error.kind == .malformed ? .malformedData : .missingInput
            case let error as SafetensorsError: ExitCode(for: error.kind)
            case is OutputError: .cannotWrite
            case let error as HandshakeError: ExitCode(error.code)
            case let error as RankError: ExitCode(error.code)
            case let error as CheckpointError: ExitCode(for: error.kind)
            case let error as RecordError: error.kind == .malformed ? .malformedData : .missingInput
            case let error as IdentityError: ExitCode(for: error.kind)
            case is Refusal: .notAdmitted
            case let error as LinkError: ExitCode(for: error.kind)
            case let error as StatusError: error.isMissing ? .missingInput : .malformedData
            default: .failure
            }
    }

    private init(for kind: SafetensorsError.Kind) {
        self =
            switch kind {
            case .malformed: .malformedData
            case .missing: .missingInput
            }
    }

    private init(for kind: IdentityError.Kind) {
        self =
            switch kind {
            case .malformed: .malformedData
            case .missing: .missingInput
            case .unwritable: .cannotWrite
            case .refused: .notAdmitted
            case .unfit: .configuration
            }
    }

    private init(for kind: LinkError.Kind) {
        self =
            switch kind {
            case .unreachable: .nobodyReached
            case .refused: .notAdmitted
            case .otherExperiment: .configuration
            }
    }

    private init(for kind: CheckpointError.Kind) {
        self =
            switch kind {
            case .missing: .missingInput
            case .damaged: .malformedData
            case .unfit: .configuration
            }
    }

    /// The code of a process that ended because of a signal.
    static func signal(_ number: Int32) -> ExitCode { ExitCode(128 + number) }
}

/// Carries out a command. Whatever it throws becomes one sentence on stderr and the exit code that goes with it.
func reportingFailure(on console: Console = Console(isQuiet: false), _ body: () throws -> Void) throws {
    do {
        try body()
    } catch let code as ExitCode {
        throw code
    } catch {
        console.fail("\(error)")
        throw ExitCode(for: error)
    }
}
