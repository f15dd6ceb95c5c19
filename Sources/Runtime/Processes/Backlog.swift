import Dispatch
import Synchronization

/// Bytes that were handed over for each rank and have not left yet. Who hands over faster than they leave waits, or
/// they would fill the memory. Every call may come from any thread; only `awaitRoom` waits.
package final class Backlog: Sendable {
    private let limitBytes: Int
    private let links: Mutex<[Link]>

    private struct Link {
        var bytes = 0
        var isForgotten = false
        var waiting: [DispatchSemaphore] = []
    }

    /// - Parameter limitBytes: With so many bytes under way to a rank nothing is added.
    package init(ranks: Int, limitBytes: Int) {
        self.limitBytes = limitBytes
        links = Mutex((0..<ranks).map { _ in Link() })
    }

    /// Waits until there is room for more on the way to a rank, or none is needed any more.
    package func awaitRoom(to rank: Int) {
        while true {
            let turn: DispatchSemaphore? = links.withLock { links in
                guard !hasRoom(links[rank]) else { return nil }
                let turn = DispatchSemaphore(value: 0)
                links[rank].waiting.append(turn)
                return turn
            }
            guard let turn else { return }
            turn.wait()
        }
    }

    package func hasRoom(to rank: Int) -> Bool { links.withLock { hasRoom($0[rank]) } }

    /// Whether so much is on the way to some rank that more for it may soon have to wait.
    package var isCrowded: Bool { links.withLock { $0.contains { !$0.isForgotten && $0.bytes > limitBytes / 2 } } }

    /// How many wait.
    package func waiting(for rank: Int) -> Int { links.withLock { $0[rank].waiting.count } }

    package func add(_ bytes: Int, to rank: Int) { change(rank) { $0.bytes += bytes } }

    package func leave(_ bytes: Int, to rank: Int) { change(rank) { $0.bytes -= bytes } }

    /// Nothing is on that way any more.
    package func forget(_ rank: Int) { change(rank) { $0.isForgotten = true } }

    private func change(_ rank: Int, _ body: (inout Link) -> Void) {
        let admitted = links.withLock { links in
            body(&links[rank])
            guard hasRoom(links[rank]), !links[rank].waiting.isEmpty else { return [DispatchSemaphore]() }
            defer { links[rank].waiting = [] }
            return links[rank].waiting
        }
        for turn in admitted { turn.signal() }
    }

    private func hasRoom(_ link: Link) -> Bool { link.isForgotten || link.bytes < limitBytes }
}
