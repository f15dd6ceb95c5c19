import CMurmur

/// Carries out a call of the interface: refuses a process that was forked off, and keeps the sentence of an error for
/// the calling thread.
func call(_ body: () throws(BridgeError) -> Int32) -> Int32 {
    do throws(BridgeError) {
        guard cmurmur_is_own_process() == 1 else {
            throw BridgeError(
                .forked, "this process was forked off from the one that uses the library; open a peer in a new process")
        }
        return try body()
    } catch {
        return status(of: error)
    }
}

/// Keeps an error's sentence for the calling thread.
func status(of error: BridgeError) -> Int32 {
    cmurmur_set_last_error(error.description)
    return error.kind.status
}

/// The status of a call that comes to an outcome, or waits for it; what the caller is to do goes to `command`.
func status(of outcome: CallerSeat.Outcome?, _ command: UnsafeMutablePointer<murmur_command>?) -> Int32 {
    switch outcome {
    case nil: return Int32(MURMUR_WAITING.rawValue)
    case .done(let wanted), .command(let wanted):
        command?.pointee = murmur_command(wanted)
        return Int32(MURMUR_OK.rawValue)
    case .finished(let wanted):
        command?.pointee = murmur_command(wanted)
        return Int32(MURMUR_FINISHED.rawValue)
    case .failed(let error): return status(of: error)
    }
}

extension murmur_command {
    fileprivate init(_ command: Command) {
        self.init(
            action: command.action.rawValue, scores_loss: command.scoresLoss ? 1 : 0,
            wrote_parameters: command.wroteParameters ? 1 : 0, wrote_gradients: command.wroteGradients ? 1 : 0,
            resets_optimizer: command.resetsOptimizer ? 1 : 0)
    }
}

extension BridgeError {
    /// A pointer that must lead somewhere is NULL.
    static func missing(_ name: String) -> BridgeError { BridgeError(.invalid, "\(name) is NULL; give it") }
}
