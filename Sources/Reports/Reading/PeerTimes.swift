import Foundation
import Records

/// How each peer spent its time: a bar of gradients, updates, messages and waiting, which add up to its time of
/// training.
struct PeerTimes {
    let peers: [PeerSummary]

    var markup: Markup {
        let whole =
            peers.map { $0.gradientSeconds + $0.updateSeconds + $0.communicationSeconds + $0.waitingSeconds }.max() ?? 0
        guard whole > 0 else { return "" }
        return """
            <ul class="legend"><li><i class="swatch t0"></i>computing gradients</li>\
            <li><i class="swatch t1"></i>optimizer's step, mixing, sending</li>\
            <li><i class="swatch t3"></i>communicating: handling messages, beside no gradient</li>\
            <li><i class="swatch t2"></i>waiting</li></ul>
            <div class="\(peers.count > 24 ? "bars dense" : "bars")" role="img" aria-label="seconds of each peer">
            \(peers.map { bar($0, whole: whole) })</div>

            """
    }

    private func bar(_ peer: PeerSummary, whole: Double) -> Markup {
        func part(_ number: Int, _ seconds: Double) -> Markup {
            let width = String(format: "%.3f", min(max(0, seconds / whole), 1) * 100)
            return "<i class=\"t\(number)\" style=\"width:\(width)%\"></i>"
        }
        let title =
            "peer \(peer.peer): \(Quantity.duration(peer.gradientSeconds)) computing, "
            + "\(Quantity.duration(peer.updateSeconds)) stepping, mixing and sending, "
            + "\(Quantity.duration(peer.communicationSeconds)) handling messages, "
            + "\(Quantity.duration(peer.waitingSeconds)) waiting"
        return """
            <div class="bar" title="\(title)"><span>\(peer.peer)</span><div>\
            <div class="parts">\(part(0, peer.gradientSeconds))\(part(1, peer.updateSeconds))\
            \(part(3, peer.communicationSeconds))\(part(2, peer.waitingSeconds))</div></div></div>

            """
    }

    /// The same and what each peer came to, in numbers.
    var table: HTMLTable {
        HTMLTable(
            caption: "Peers",
            header: [
                "peer", "steps", "samples", "messages sent", "bytes sent", "training s", "computing s", "stepping s",
                "waiting s", "communicating s", "accuracy", "loss",
            ],
            rows: peers.map { peer in
                [
                    "\(peer.peer)", Quantity.count(peer.steps), Quantity.count(peer.samples),
                    Quantity.count(peer.messagesSent), Quantity.bytes(Double(peer.bytesSent)),
                ]
                    + [
                        peer.trainSeconds, peer.gradientSeconds, peer.updateSeconds, peer.waitingSeconds,
                        peer.communicationSeconds,
                    ].map { Quantity.decimal($0, 2) }
                    + [Quantity.decimal(peer.accuracy, 4), Quantity.decimal(peer.loss, 4)]
            })
    }
}
