package import Gossip

/// How the work of a pass is spread over its requests.
package enum PassShares {
    /// The work of each request. What lies before the stop for the next stage is the forward pass, what lies behind it
    /// the backward pass, and each is spread evenly over its requests; in the last stage, which does not stop between
    /// the two, both are. Nothing is computed before a pass has its input, nor when it has handed back the gradient.
    package static func make(stops: [PassStop], forward: Double, backward: Double) -> [Double] {
        var shares = [Double](repeating: 0, count: stops.count + 1)
        let working = stops.first == .previous ? 1..<stops.count : 0..<(stops.count + 1)
        func spread(_ work: Double, over requests: Range<Int>) {
            for request in requests { shares[request] += work / Double(requests.count) }
        }
        if let next = stops.firstIndex(of: .next) {
            spread(forward, over: working.lowerBound..<(next + 1))
            spread(backward, over: (next + 1)..<working.upperBound)
        } else {
            spread(forward + backward, over: working)
        }
        return shares
    }
}
