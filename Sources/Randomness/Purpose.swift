/// What a stream of random numbers is for. Streams with different purposes never share a draw, so that a new use of
/// randomness in one place changes no result in another.
public enum Purpose: UInt64, Sendable, Codable, CaseIterable {
    case initialization = 1
    case partition = 2
    case sampling = 3
    case dropout = 4
    case algorithm = 5
    case network = 6
    case compute = 7
    case augmentation = 8
    case synthetic = 9
    case topology = 10
    case noise = 11
    case statistics = 12
    case faults = 13
    case aggregation = 14
    case attack = 15
    case compression = 16
    case membership = 17
    case test = 99
}
