package import Configuration
import Foundation

/// Where a rank is: an entry of `ranks` in `environment.json`.
public struct RankPlace: Sendable, Hashable, Codable {
    /// The name that the machine has for itself.
    public var host = ""
    /// The number of the process on its machine; 0 until it is known.
    public var process: Int32 = 0

    package init() {}

    /// This process.
    package static var here: RankPlace {
        var place = RankPlace()
        place.host = ProcessInfo.processInfo.hostName
        place.process = ProcessInfo.processInfo.processIdentifier
        return place
    }

    package var json: JSON { .object([("host", .string(host)), ("process", .integer(Int(process)))]) }
}
