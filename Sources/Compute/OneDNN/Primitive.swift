internal import COneDNN

/// A oneDNN primitive made for fixed shapes, with the memory objects of its arguments; destroyed with its last
/// reference.
///
/// `@unchecked Sendable` holds because a primitive belongs to one plan, a plan to one executable, and an executable has
/// a single owner; oneDNN allows a primitive to run on another thread than the one that made it when, as here, its
/// scratchpad is given by us.
final class Primitive: @unchecked Sendable {
    private let handle: OpaquePointer

    private init(_ operation: String, make: (UnsafeMutablePointer<OpaquePointer?>) -> Int32) throws(OneDNNError) {
        var made: OpaquePointer?
        try OneDNNError.check(make(&made), operation)
        guard let made else { throw OneDNNError(operation: operation, status: 1) }
        handle = made
    }

    deinit {
        conednn_destroy(handle)
    }

    /// One of the three computations of a convolution.
    convenience init(_ pass: conednn_pass, of shape: conednn_convolution) throws(OneDNNError) {
        var shape = shape
        try self.init("a convolution") { conednn_convolution_create($0, pass, &shape) }
    }

    /// A copy of a convolution's weights from plain order into the order that `convolution` wants, or back.
    convenience init(
        reorderingWeightsOf convolution: Primitive, _ shape: conednn_convolution, intoKernelOrder: Bool
    ) throws(OneDNNError) {
        var shape = shape
        try self.init("a reorder of weights") {
            conednn_weights_reorder_create($0, convolution.handle, &shape, intoKernelOrder)
        }
    }

    /// A copy of images of shape (batch, channels, height, width) from one layout to another.
    convenience init(
        reorderingImages shape: [Int], from: conednn_layout, to: conednn_layout
    ) throws(OneDNNError) {
        try self.init("a reorder of images") { conednn_image_reorder_create($0, shape.map(Int64.init), from, to) }
    }

    /// The product of two plain matrices of bf16, in float32.
    convenience init(_ shape: conednn_product) throws(OneDNNError) {
        var shape = shape
        try self.init("a matrix product in bf16") { conednn_product_create($0, &shape) }
    }

    /// So many numbers rounded to bf16, to the nearest.
    convenience init(roundingToBFloat16 count: Int) throws(OneDNNError) {
        try self.init("a conversion to bf16") { conednn_bfloat16_create($0, Int64(count)) }
    }

    /// The bytes of that argument in the layout that this primitive wants; 0 when it has no such argument.
    func byteCount(of role: conednn_role) -> Int {
        conednn_bytes(handle, role)
    }

    /// Says where that argument lies from now on. Costs next to nothing when it lies there already.
    func place(_ role: conednn_role, at address: UnsafeMutableRawPointer) {
        let status = conednn_place(handle, role, address)
        precondition(status == 0, "oneDNN refused a place for argument \(role.rawValue), status \(status)")
    }

    /// Computes; the arguments have all been placed.
    func execute() {
        let status = conednn_execute(handle)
        precondition(status == 0, "oneDNN failed to execute a primitive that it had planned, status \(status)")
    }
}
