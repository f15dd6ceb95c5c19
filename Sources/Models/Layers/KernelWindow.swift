/// The square window of a convolution or a pooling: its edge, the step between two windows and the rows and columns of
/// padding around the image, all in pixels.
public struct KernelWindow: Sendable, Hashable {
    /// The edge of the window.
    public let kernel: Int
    /// From one window to the next.
    public let stride: Int
    /// Rows and columns of zeros on each side of the image.
    public let padding: Int

    /// A window of `kernel` x `kernel` pixels.
    public init(kernel: Int, stride: Int = 1, padding: Int = 0) {
        self.kernel = kernel
        self.stride = stride
        self.padding = padding
    }

    /// How many windows fit along an edge of `extent` pixels; zero or less when none does.
    public func count(along extent: Int) -> Int {
        let room = extent + 2 * padding - kernel
        return room < 0 ? 0 : room / stride + 1
    }
}
