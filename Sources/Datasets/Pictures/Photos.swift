import Dispatch
import Randomness
import Synchronization

/// Pictures of any size that are decoded each time they are needed, so that a set may be larger than memory.
struct Photos: Sendable {
    let files: PictureFiles
    /// What every picture is brought to.
    let shape: ImageShape
    /// To how many pixels the shorter side is brought, where the middle is cut out.
    let shorterSide: Int

    /// The planes of a picture: its middle, or a part by chance where the variation says so.
    func planes(of record: Int, _ variation: Variation?) throws(DataError) -> [UInt8] {
        let picture = try files.picture(record)
        do throws(Picture.Problem) {
            return try picture.cut(window(of: picture, variation), to: shape)
        } catch {
            throw files.malformed(record, error)
        }
    }

    private func window(of picture: Picture, _ variation: Variation?) -> Window {
        if var stream = variation?.windowStream {
            return .random(ofWidth: picture.width, height: picture.height, &stream)
        }
        return Window(middle: shape, shorterSide: shorterSide, ofWidth: picture.width, height: picture.height)
    }

    /// Those of some pictures that cannot be decoded, in their order, found on all cores.
    func damaged(among records: [Int]) -> [(record: Int, error: DataError)] {
        let found = Mutex<[(record: Int, error: DataError)]>([])
        let share = 64
        DispatchQueue.concurrentPerform(iterations: (records.count + share - 1) / share) { part in
            for record in records[(part * share)..<min((part + 1) * share, records.count)] {
                do throws(DataError) {
                    _ = try planes(of: record, nil)
                } catch {
                    found.withLock { $0.append((record, error)) }
                }
            }
        }
        return found.withLock { $0.sorted { $0.record < $1.record } }
    }
}

extension Photos: PixelSource {
    func pixels(of records: [Range<Int>]) throws(DataError) -> [UInt8] {
        var pixels: [UInt8] = []
        for record in records.joined() { pixels += try planes(of: record, nil) }
        return pixels
    }
}
