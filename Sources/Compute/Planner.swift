internal import CKernels
internal import COneDNN
internal import Models
internal import Vectors

/// Turns a network into a plan: walks the stages forward, then back, and for each writes down the instructions with
/// their layouts and buffers.
struct Planner {
    let batch: Int
    let mode: Mode
    let threads: Int
    let rule: LayoutRule
    var instructions: [any Instruction] = []
    var bufferBytes = [Int](repeating: 0, count: Buffer.fixedCount)
    /// What the backward pass needs of each forward step, in forward order.
    var tape: [Step] = []

    /// A batch of images or flat samples on their way through the network.
    struct Value {
        /// Of one sample.
        let shape: [Int]
        let layout: ImageLayout
        let place: Place
        /// Whether another branch reads it too, so that nothing may be written over it.
        var isShared = false

        var count: Int { shape.reduce(1, *) }
    }

    /// A forward step as the backward pass sees it.
    struct Step {
        enum Kind {
            case stage(Stage)
            /// The same images in another layout.
            case relayout
            case norm(NormStep)
            case residual(ResidualStep)
        }
        let kind: Kind
        let input: Value
        let output: Value
        /// The chosen pixels of a max-pooling, the mask of a dropout, or the weights of a convolution in kernel order.
        var extra: Buffer?
    }

    static func plan(_ network: Network, batch: Int, mode: Mode, threads: Int) throws(OneDNNError) -> Plan {
        let stages = Stage.lowering(network, dropsOut: mode == .training)
        var planner = Planner(batch: batch, mode: mode, threads: threads, rule: LayoutRule(stages))
        let images = Value(shape: network.inputShape, layout: .plain, place: Place(buffer: .images))
        let logits = try planner.forward(stages, images)
        let gradient = mode.hasBackward ? planner.values(logits.count) : nil
        planner.instructions.append(
            SoftmaxCrossEntropy(batch: batch, classes: network.classes, logits: logits.place, gradient: gradient))
        if let gradient {
            _ = try planner.backward(planner.tape, Flow(gradient), needsInputGradient: false)
        }
        return Plan(
            instructions: planner.instructions, bufferBytes: planner.bufferBytes, logits: logits.place)
    }

    init(batch: Int, mode: Mode, threads: Int, rule: LayoutRule) {
        self.batch = batch
        self.mode = mode
        self.threads = threads
        self.rule = rule
    }

    /// A new buffer of so many bytes.
    mutating func buffer(bytes: Int) -> Buffer {
        bufferBytes.append(bytes)
        return Buffer(index: bufferBytes.count - 1)
    }

    /// A new buffer for a batch of samples of `count` numbers each.
    mutating func values(_ count: Int) -> Place {
        floats(batch * count)
    }

    /// A new buffer of so many numbers.
    mutating func floats(_ count: Int) -> Place {
        Place(buffer: buffer(bytes: count * MemoryLayout<Float>.stride))
    }

    /// Where an operation on `value` that works in place may write: not over the images, which the caller may use
    /// again, nor over what another branch reads.
    mutating func inPlace(_ value: Value) -> Place {
        value.place.buffer == .images || value.isShared ? values(value.count) : value.place
    }

    /// The value in another layout; the same value when its shape makes no difference between the two.
    mutating func value(_ value: Value, in layout: ImageLayout) throws(OneDNNError) -> Value {
        if value.layout.isSame(as: layout, for: value.shape) {
            return Value(shape: value.shape, layout: layout, place: value.place, isShared: value.isShared)
        }
        let result = Value(shape: value.shape, layout: layout, place: values(value.count))
        try relayout(from: value.place, value.layout, to: result.place, layout, shape: value.shape)
        tape.append(Step(kind: .relayout, input: value, output: result))
        return result
    }

    /// Copies a batch of images from one layout to another.
    mutating func relayout(
        from source: Place, _ before: ImageLayout, to destination: Place, _ after: ImageLayout, shape: [Int]
    ) throws(OneDNNError) {
        let primitive = try Primitive(
            reorderingImages: [batch] + shape, from: before.onednn, to: after.onednn)
        run(primitive, [(conednn_source, source), (conednn_destination, destination)])
    }

    /// Appends a primitive with its arguments and the scratch memory it asks for.
    mutating func run(_ primitive: Primitive, _ arguments: [(role: conednn_role, place: Place)]) {
        let scratch = primitive.byteCount(of: conednn_scratchpad)
        let extra = scratch == 0 ? [] : [(conednn_scratchpad, Place(buffer: buffer(bytes: scratch)))]
        instructions.append(RunPrimitive(primitive: primitive, arguments: arguments + extra))
    }
}
