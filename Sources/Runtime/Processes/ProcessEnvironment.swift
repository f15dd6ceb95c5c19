@preconcurrency import Glibc

/// The settings in the process's environment.
package enum ProcessEnvironment {
    /// All of them, as they are now.
    package static var settings: [String: String] {
        var settings: [String: String] = [:]
        var place = environ
        while let text = place.pointee {
            let parts = String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { settings[String(parts[0])] = String(parts[1]) }
            place += 1
        }
        return settings
    }
}
