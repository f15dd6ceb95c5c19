/// y = x Wᵀ + b in plain loops; weight (outputs, inputs).
enum ReferenceDense {
    static func forward(
        _ x: [Double], _ weight: [Double], _ bias: [Double]?, outputs: Int, batch: Int
    ) -> [Double] {
        let inputs = x.count / batch
        var y = (0..<(batch * outputs)).map { bias?[$0 % outputs] ?? 0 }
        for place in y.indices {
            let (sample, output) = (place / outputs, place % outputs)
            for input in 0..<inputs { y[place] += weight[output * inputs + input] * x[sample * inputs + input] }
        }
        return y
    }

    static func weightsGradient(_ x: [Double], _ gradient: [Double], outputs: Int, batch: Int) -> [Double] {
        let inputs = x.count / batch
        var result = [Double](repeating: 0, count: outputs * inputs)
        for (place, value) in gradient.enumerated() {
            let (sample, output) = (place / outputs, place % outputs)
            for input in 0..<inputs { result[output * inputs + input] += value * x[sample * inputs + input] }
        }
        return result
    }

    static func biasGradient(_ gradient: [Double], outputs: Int) -> [Double] {
        var result = [Double](repeating: 0, count: outputs)
        for (place, value) in gradient.enumerated() { result[place % outputs] += value }
        return result
    }

    static func inputGradient(_ gradient: [Double], _ weight: [Double], outputs: Int, batch: Int) -> [Double] {
        let inputs = weight.count / outputs
        var result = [Double](repeating: 0, count: batch * inputs)
        for (place, value) in gradient.enumerated() {
            let (sample, output) = (place / outputs, place % outputs)
            for input in 0..<inputs { result[sample * inputs + input] += value * weight[output * inputs + input] }
        }
        return result
    }
}
