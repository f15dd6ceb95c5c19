internal import COneDNN

/// The same images in another layout.
struct Relayout: TapeStep {
    let input: Value
    let output: Value

    func backward(
        _ gradient: BranchGradient, needsInputGradient: Bool, in planner: inout Planner
    ) throws(OneDNNError) -> BranchGradient {
        let result = input.placed(at: planner.values(input.count))
        let source = output.placed(at: planner.single(gradient, output))
        try planner.copy(source, to: result)
        return BranchGradient(result.slice)
    }
}

extension Planner {
    /// The value in another layout; the same value when its shape makes no difference between the two.
    mutating func value(_ value: Value, in layout: ImageLayout) throws(OneDNNError) -> Value {
        if value.layout.isSame(as: layout, for: value.shape) {
            return Value(
                shape: value.shape, layout: layout, slice: value.slice, isShared: value.isShared,
                channels: value.channels)
        }
        let result = Value(
            shape: value.shape, layout: layout, slice: values(value.count), channels: value.channels)
        try copy(value, to: result)
        tape.append(Relayout(input: value, output: result))
        return result
    }

    /// Copies a batch of images from one layout to another.
    fileprivate mutating func copy(_ source: Value, to destination: Value) throws(OneDNNError) {
        let primitive = try Primitive(
            reorderingImages: [batch] + source.shape, from: source.layout.onednn, to: destination.layout.onednn)
        run(primitive, [(conednn_source, source.slice), (conednn_destination, destination.slice)])
    }
}
