import Gossip
import Randomness

/// Algorithms on an open network: one peer founds, all others come in over links, which break and are made again; some
/// peers die, some leave. What theory says of means holds for peers that are there from beginning to end.
extension BatteryRow {
    static let open = gossip.filter { $0.variant == nil && Algorithms.traits($0.algorithm).isOpen }.map(onOpenNetwork)

    private static func onOpenNetwork(_ closed: BatteryRow) -> BatteryRow {
        var row = closed
        row.variant = "open"
        row.conserved = nil
        row.bias = nil
        row.distanceLeft = nil
        // From doubts that always run out to those that hardly ever do.
        row.settings = { ["simulation.doubt_ms=" + pick(["5", "100", "1000", "60000"], &$0)] }
        return row
    }
}
