/// Lists of layers that several models are made of.
extension [Layer] {
    /// Dense layers fc1, fc2 and so on behind the flattened images, each but the last with the activation.
    static func perceptron(
        hidden: [Int], _ activation: Layer = .relu, outputs: Int, initialization: WeightInitialization = .uniform
    ) -> [Layer] {
        var layers: [Layer] = [.flatten]
        for (index, width) in hidden.enumerated() {
            layers += [.dense(name: "fc\(index + 1)", outputs: width, initialization: initialization), activation]
        }
        return layers + [.dense(name: "fc\(hidden.count + 1)", outputs: outputs, initialization: initialization)]
    }
}

extension KernelWindow {
    /// 2 x 2 windows side by side, which halve an image.
    static let halving = KernelWindow(kernel: 2, stride: 2)
    /// 3 x 3 windows that leave an image its size.
    static let same = KernelWindow(kernel: 3, padding: 1)
}
