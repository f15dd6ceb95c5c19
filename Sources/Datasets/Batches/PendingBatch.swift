import Dispatch
import Synchronization

/// The images of a batch that are made elsewhere.
final class PendingBatch: Sendable {
    private struct State {
        var planes: [ImageSamples.Planes?]
        var missing: Int
    }

    private let samples: ImageSamples
    private let indices: [Int]
    private let variations: [Variation]
    private let state: Mutex<State>
    private let isWhole = DispatchSemaphore(value: 0)

    init(_ samples: ImageSamples, _ indices: [Int], _ variations: [Variation]) {
        self.samples = samples
        self.indices = indices
        self.variations = variations
        state = Mutex(
            State(planes: [ImageSamples.Planes?](repeating: nil, count: indices.count), missing: indices.count))
    }

    var count: Int { indices.count }

    /// Makes one image. Each is made once.
    func make(_ place: Int) {
        let planes = samples.planes(of: indices[place], variations.isEmpty ? nil : variations[place])
        let isLast = state.withLock { state in
            state.planes[place] = planes
            state.missing -= 1
            return state.missing == 0
        }
        if isLast { isWhole.signal() }
    }

    /// The planes of all images, once they are there; nil for those that cannot be decoded. To be asked once.
    func planes() -> [ImageSamples.Planes?] {
        isWhole.wait()
        return state.withLock(\.planes)
    }
}
