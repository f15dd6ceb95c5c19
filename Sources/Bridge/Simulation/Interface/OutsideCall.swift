import CMurmur
import Configuration

/// One call of the C interface: what is thrown within it becomes a status, and a sentence for the calling thread.
enum OutsideCall {
    /// Runs the call. In a process that was forked off nothing is.
    static func answer(_ body: () throws -> murmur_status) -> Int32 {
        do {
            guard cmurmur_is_own_process() == 1 else {
                throw BridgeError(
                    .forked, "this process was forked off from the one that opened the library; open it here")
            }
            return Int32(try body().rawValue)
        } catch let failure as CallbackFailure {
            cmurmur_set_last_error(failure.sentence)
            return Int32(MURMUR_CALLBACK.rawValue)
        } catch let error as BridgeError {
            cmurmur_set_last_error(error.description)
            return error.kind.status
        } catch let refusal as EffectRefusal {
            cmurmur_set_last_error(refusal.sentence)
            return BridgeError.Kind.invalid.status
        } catch {
            cmurmur_set_last_error("\(error)")
            return BridgeError.Kind.invalid.status
        }
    }

    /// Hands a text out: its length, and as much as there is room for, with a 0 behind it.
    static func put(
        _ text: String, _ into: UnsafeMutablePointer<CChar>?, room: UInt64, _ length: UnsafeMutablePointer<UInt64>?
    ) {
        let bytes = Array(text.utf8)
        length?.pointee = UInt64(bytes.count)
        guard let into, room > 0 else { return }
        let count = min(bytes.count, Int(clamping: room) - 1)
        for index in 0..<count { into[index] = CChar(bitPattern: bytes[index]) }
        into[count] = 0
    }

    /// What an address that must be there points at. Throws with a name for it.
    static func required<Value>(_ pointer: UnsafePointer<Value>?, _ name: String) throws(BridgeError) -> Value {
        guard let pointer else { throw BridgeError(.invalid, "\(name) is NULL; hand one in") }
        return pointer.pointee
    }

    /// A text that may be left out.
    static func text(_ pointer: UnsafePointer<CChar>?) -> String? { pointer.map { String(cString: $0) } }
}

/// One of the caller's functions has not returned 0.
struct CallbackFailure: Error {
    /// Which one.
    let sentence: String
}
