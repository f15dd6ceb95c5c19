import Gossip
import Vectors

extension Node {
    /// How far a vector is from another one, in one pass over both.
    func measurement(of vector: Vector, from origin: Vector) -> Measurement {
        let (one, other) = (snapshot(vector, nil), snapshot(origin, nil))
        guard one.count == other.count else { return Measurement(distance: .infinity) }
        let square = one.read { numbers in other.read { squaredDistance(numbers, $0) } }
        return Measurement(distance: square.squareRoot())
    }
}
