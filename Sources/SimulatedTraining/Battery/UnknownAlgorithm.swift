import Conditions
import Datasets
import Gossip
import Runs

/// The battery was asked for an algorithm that has no row.
struct UnknownAlgorithm: Error, CustomStringConvertible {
    let name: String

    var description: String { "the battery has no row for '\(name)'; add one to a table of BatteryRow" }
}
