internal import CKernels
internal import Models

/// A batch of images or flat samples on their way through the network.
struct Value {
    /// Of one sample, as far as it is here.
    let shape: [Int]
    let layout: ImageLayout
    let slice: BufferSlice
    /// Whether another branch reads it too, so that nothing may be written over it.
    var isShared = false
    /// Which channels each slot of a stage has, where they are split by neurons; nil: all.
    var channels: ChannelSlices?

    /// Numbers in one sample.
    var count: Int { shape.reduce(1, *) }
    /// The first of the channels that are here.
    var firstChannel: Int { channels?.own.lowerBound ?? 0 }

    /// A value of the same form that lies elsewhere.
    func placed(at slice: BufferSlice) -> Value {
        Value(shape: shape, layout: layout, slice: slice, channels: channels)
    }

    /// The batch as kernels see it; flat samples are images of one pixel.
    func kernel(batch: Int) -> kernel_images {
        let channels = shape[0]
        let pixels = count / channels
        let lanes = pixels == 1 ? channels : layout.lanes(channels: channels)
        return kernel_images(
            batch: Int64(batch), channels: Int64(channels), pixels: Int64(pixels), lanes: Int64(lanes))
    }
}
