import CMurmur
import Configuration

/// Calls of the interface whose errors have several types.
enum OutsideCall {
    /// Carries the call out; what is thrown within it becomes a status, and a sentence for the calling thread.
    static func answer(_ body: () throws -> Int32) -> Int32 {
        call { () throws(BridgeError) in
            do {
                return try body()
            } catch let error as BridgeError {
                throw error
            } catch let refusal as EffectRefusal {
                throw BridgeError(.invalid, refusal.sentence)
            } catch {
                throw BridgeError(.invalid, "\(error)")
            }
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

    /// The structure that an address must lead to. Throws with a name for it where there is none, or one of another
    /// build.
    static func required<Value>(
        _ pointer: UnsafePointer<Value>?, _ name: String, _ size: KeyPath<Value, UInt32>
    ) throws(BridgeError) -> Value {
        guard let pointer else { throw .missing(name) }
        guard pointer.pointee[keyPath: size] >= UInt32(MemoryLayout<Value>.size) else {
            throw BridgeError(.invalid, "set `size` of \(name) to the structure's own size")
        }
        return pointer.pointee
    }

    /// A text that may be left out.
    static func text(_ pointer: UnsafePointer<CChar>?) -> String? { pointer.map { String(cString: $0) } }
}

extension UnsafeBufferPointer {
    /// What a caller lends: nothing where it says nowhere.
    init(lent start: UnsafePointer<Element>?, count: UInt64) {
        self.init(start: start, count: start == nil ? 0 : Int(clamping: count))
    }
}
