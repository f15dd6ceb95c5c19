// Names of functions are those of the C interface.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

public import CMurmur
import Configuration
import Gossip

// The functions of murmur.h about the library and what it knows.

/// The version of the interface.
@c @implementation
public func murmur_interface_version() -> UInt32 { UInt32(MURMUR_INTERFACE_VERSION) }

/// The version as C has it, for as long as the process lives.
private let versionText = StaticText(murmurVersion)

/// The version for people.
@c @implementation
public func murmur_version() -> UnsafePointer<CChar>! { versionText.pointer }

/// What is known of an algorithm.
@c @implementation
public func murmur_algorithm_traits(
    _ algorithm: UnsafePointer<CChar>?, _ options: UnsafePointer<CChar>?,
    _ traits: UnsafeMutablePointer<murmur_traits>?
) -> Int32 {
    call { () throws(BridgeError) in
        guard let traits else { throw .missing("traits") }
        guard traits.pointee.size >= UInt32(MemoryLayout<murmur_traits>.size) else {
            throw BridgeError(.invalid, "set `size` to sizeof(murmur_traits)")
        }
        guard let choice = try PeerSettings.choice(algorithm, options, "algorithm") else { throw .missing("algorithm") }
        try AlgorithmSource.check(choice)
        let known = AlgorithmSource.traits(choice.name, options: choice.options)
        traits.pointee = murmur_traits(
            size: traits.pointee.size, reads_gradient: known.readsGradient ? 1 : 0,
            needs_scores: known.needsScores ? 1 : 0, servers: UInt32(known.servers),
            is_lock_step: known.isLockStep ? 1 : 0, brings_momentum: known.bringsMomentum ? 1 : 0,
            is_open: known.isOpen ? 1 : 0, needs_compression: known.compression == .replicasOnly ? 1 : 0)
        return Int32(MURMUR_OK.rawValue)
    }
}

/// All algorithms as JSON.
@c @implementation
public func murmur_algorithms(
    _ text: UnsafeMutablePointer<CChar>?, _ room: UInt64, _ length: UnsafeMutablePointer<UInt64>?
) -> Int32 {
    call { () throws(BridgeError) in
        guard let length else { throw .missing("length") }
        let list = JSON.array(Algorithms.all.map { JSON($0) }).text.utf8CString
        length.pointee = UInt64(list.count - 1)
        let copied = min(Int(clamping: room), list.count)
        guard copied > 0 else { return Int32(MURMUR_OK.rawValue) }
        guard let text else { throw .missing("text") }
        list.withUnsafeBufferPointer { bytes in
            guard let base = bytes.baseAddress else { return }
            text.update(from: base, count: copied)
        }
        text[copied - 1] = 0
        return Int32(MURMUR_OK.rawValue)
    }
}

extension JSON {
    /// What lists show of a thing that is chosen by name.
    fileprivate init(_ description: Description) {
        self = .object([
            ("name", .string(description.name)), ("summary", .string(description.summary)),
            (
                "options",
                .array(
                    description.options.map { option in
                        .object([
                            ("name", .string(option.name)), ("default", JSON(option.defaultValue)),
                            ("meaning", .string(option.meaning)),
                        ])
                    })
            ),
        ])
    }
}
