internal import CKernels

/// A batch of images or flat samples on their way through the network.
struct Value {
    /// Of one sample.
    let shape: [Int]
    let layout: ImageLayout
    let slice: BufferSlice
    /// Whether another branch reads it too, so that nothing may be written over it.
    var isShared = false

    /// Numbers in one sample.
    var count: Int { shape.reduce(1, *) }

    /// The batch as kernels see it; flat samples are images of one pixel.
    func kernel(batch: Int) -> kernel_images {
        let channels = shape[0]
        let pixels = count / channels
        let lanes = pixels == 1 ? channels : layout.lanes(channels: channels)
        return kernel_images(
            batch: Int64(batch), channels: Int64(channels), pixels: Int64(pixels), lanes: Int64(lanes))
    }
}
