import CMurmur
import Glibc
import Gossip
import Runtime

/// The settings in the process's environment, as they are now.
func processEnvironment() -> [String: String] {
    var settings: [String: String] = [:]
    var index: Int32 = 0
    while let text = cmurmur_environment(index) {
        let parts = String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 2 { settings[String(parts[0])] = String(parts[1]) }
        index += 1
    }
    return settings
}

extension LinkClock {
    /// The clocks of this machine.
    static func system(_ clock: PeerClock) -> LinkClock {
        LinkClock(nanoseconds: { clock.now.nanoseconds }, unixSeconds: { Int64(time(nil)) })
    }
}

/// A text that C reads for as long as the process lives.
///
/// `@unchecked Sendable` holds because nobody writes what it points to.
struct StaticText: @unchecked Sendable {
    let pointer: UnsafePointer<CChar>?

    init(_ text: String) { pointer = UnsafePointer(strdup(text)) }
}
