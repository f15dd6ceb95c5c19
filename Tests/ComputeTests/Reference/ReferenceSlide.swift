import Models

/// Convolutions and poolings in plain loops: one visit for each pair of an output pixel and an input pixel in its
/// window.
struct ReferenceSlide {
    let batch: Int
    /// (channels, height, width).
    let input: [Int]
    let output: [Int]
    let window: KernelWindow

    /// An output pixel and an input pixel in its window.
    struct Pair {
        let image: Int
        let outputPixel: Int
        let inputPixel: Int
        /// Place within the window, row-major.
        let tap: Int
    }

    private var inputPixels: Int { input[1] * input[2] }
    private var outputPixels: Int { output[1] * output[2] }
    private var taps: Int { window.kernel * window.kernel }

    private func forEachPair(_ visit: (Pair) -> Void) {
        for image in 0..<batch {
            for pixel in 0..<outputPixels {
                for tap in 0..<taps {
                    let row = pixel / output[2] * window.stride - window.padding + tap / window.kernel
                    let column = pixel % output[2] * window.stride - window.padding + tap % window.kernel
                    guard row >= 0, row < input[1], column >= 0, column < input[2] else { continue }
                    visit(
                        Pair(image: image, outputPixel: pixel, inputPixel: row * input[2] + column, tap: tap))
                }
            }
        }
    }

    private func inputPlace(_ pair: Pair, _ channel: Int) -> Int {
        (pair.image * input[0] + channel) * inputPixels + pair.inputPixel
    }

    private func outputPlace(_ pair: Pair, _ channel: Int) -> Int {
        (pair.image * output[0] + channel) * outputPixels + pair.outputPixel
    }

    /// Index of a weight (output channel, input channel, tap).
    private func weightPlace(_ pair: Pair, _ from: Int, _ to: Int) -> Int {
        (to * input[0] + from) * taps + pair.tap
    }

    func convolution(_ x: [Double], _ weight: [Double], _ bias: [Double]?) -> [Double] {
        var y = (0..<(batch * output[0] * outputPixels)).map { bias?[$0 / outputPixels % output[0]] ?? 0 }
        forEachPair { pair in
            for to in 0..<output[0] {
                for from in 0..<input[0] {
                    y[outputPlace(pair, to)] += weight[weightPlace(pair, from, to)] * x[inputPlace(pair, from)]
                }
            }
        }
        return y
    }

    func convolutionWeightsGradient(_ x: [Double], _ gradient: [Double]) -> [Double] {
        var result = [Double](repeating: 0, count: output[0] * input[0] * taps)
        forEachPair { pair in
            for to in 0..<output[0] {
                for from in 0..<input[0] {
                    result[weightPlace(pair, from, to)] += gradient[outputPlace(pair, to)] * x[inputPlace(pair, from)]
                }
            }
        }
        return result
    }

    func convolutionBiasGradient(_ gradient: [Double]) -> [Double] {
        var result = [Double](repeating: 0, count: output[0])
        for (index, value) in gradient.enumerated() { result[index / outputPixels % output[0]] += value }
        return result
    }

    func convolutionInputGradient(_ gradient: [Double], _ weight: [Double]) -> [Double] {
        var result = [Double](repeating: 0, count: batch * input[0] * inputPixels)
        forEachPair { pair in
            for to in 0..<output[0] {
                for from in 0..<input[0] {
                    result[inputPlace(pair, from)] +=
                        weight[weightPlace(pair, from, to)] * gradient[outputPlace(pair, to)]
                }
            }
        }
        return result
    }

    func maxPool(_ x: [Double]) -> [Double] {
        var y = [Double](repeating: -.infinity, count: batch * output[0] * outputPixels)
        forEachPair { pair in
            for channel in 0..<input[0] {
                y[outputPlace(pair, channel)] = max(y[outputPlace(pair, channel)], x[inputPlace(pair, channel)])
            }
        }
        return y
    }

    /// The first of equals takes the gradient.
    func maxPoolGradient(_ x: [Double], _ gradient: [Double]) -> [Double] {
        let y = maxPool(x)
        var taken = [Bool](repeating: false, count: y.count)
        var result = [Double](repeating: 0, count: x.count)
        forEachPair { pair in
            for channel in 0..<input[0] {
                let (from, to) = (inputPlace(pair, channel), outputPlace(pair, channel))
                guard !taken[to], x[from] == y[to] else { continue }
                taken[to] = true
                result[from] += gradient[to]
            }
        }
        return result
    }

    func averagePool(_ x: [Double]) -> [Double] {
        var y = [Double](repeating: 0, count: batch * output[0] * outputPixels)
        forEachPair { pair in
            for channel in 0..<input[0] {
                y[outputPlace(pair, channel)] += x[inputPlace(pair, channel)] / Double(taps)
            }
        }
        return y
    }

    func averagePoolGradient(_ gradient: [Double]) -> [Double] {
        var result = [Double](repeating: 0, count: batch * input[0] * inputPixels)
        forEachPair { pair in
            for channel in 0..<input[0] {
                result[inputPlace(pair, channel)] += gradient[outputPlace(pair, channel)] / Double(taps)
            }
        }
        return result
    }
}
