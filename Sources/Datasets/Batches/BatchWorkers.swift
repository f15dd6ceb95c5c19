import Dispatch
import Synchronization
import Threads

/// Threads that decode and cut the images of batches before they are needed, for any number of samplers. What an image
/// becomes depends on its variation alone, so the number of threads changes no bit.
public final class BatchWorkers: Sendable {
    private let queue = Queue()

    /// Begins as many threads, which end with this. Throws a `ThreadShortage` where the system gives fewer.
    public init(threads: Int) throws {
        for index in 0..<threads {
            do throws(ThreadShortage) {
                try SystemThread.start("data \(index)") { [queue] in
                    while let (batch, place) = queue.next() { batch.make(place) }
                }
            } catch {
                queue.end()
                throw error
            }
        }
    }

    deinit { queue.end() }

    /// Has the images of a batch made.
    func make(_ samples: ImageSamples, _ indices: [Int], _ variations: [Variation]) -> PendingBatch {
        let batch = PendingBatch(samples, indices, variations)
        queue.add(batch)
        return batch
    }

    /// Batches of which images are still to be made, in the order in which they were asked for.
    private final class Queue: Sendable {
        private struct State {
            var batches: [(batch: PendingBatch, made: Int)] = []
            var isEnding = false
        }

        private let state = Mutex(State())
        /// As many as images are waiting; one more after the end, which every thread hands on.
        private let waiting = DispatchSemaphore(value: 0)

        func add(_ batch: PendingBatch) {
            state.withLock { $0.batches.append((batch, 0)) }
            for _ in 0..<batch.count { waiting.signal() }
        }

        /// The next image, once there is one; nil after the end.
        func next() -> (PendingBatch, place: Int)? {
            waiting.wait()
            let image: (PendingBatch, place: Int)? = state.withLock { state in
                if state.isEnding { return nil }
                guard let (batch, place) = state.batches.first else { return nil }
                if place + 1 < batch.count { state.batches[0].made = place + 1 } else { state.batches.removeFirst() }
                return (batch, place)
            }
            if image == nil { waiting.signal() }
            return image
        }

        func end() {
            state.withLock { $0.isEnding = true }
            waiting.signal()
        }
    }
}
