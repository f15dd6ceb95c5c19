/// Where a call puts a count that is known when it is over.
///
/// `@unchecked Sendable` holds because it is written once, by the one thread that the caller waits for.
struct CountPlace: @unchecked Sendable {
    private let place: UnsafeMutablePointer<UInt64>

    init(_ place: UnsafeMutablePointer<UInt64>) { self.place = place }

    func put(_ count: Int) { place.pointee = UInt64(count) }
}
