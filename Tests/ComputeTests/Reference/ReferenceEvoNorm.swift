import Models

/// EvoNorm-S0 in plain loops: x sigmoid(v x) / deviation * scale + shift.
extension ReferenceNorm {
    /// The reciprocal deviations of the groups and each number's distance from its group's mean.
    private func spread(of x: [Double]) -> (reciprocals: [Double], distances: [Double]) {
        let means = unitMeans(x)
        let distances = places.map { x[$0] - means[unit($0)] }
        let variances = unitMeans(distances.map { $0 * $0 })
        return (variances.map { 1 / ($0 + Double(Norm.epsilon)).squareRoot() }, distances)
    }

    /// Without `curve` a scale and a shift.
    func evoNorm(_ x: [Double], _ scale: [Double], _ shift: [Double], curve: [Double]?) -> [Double] {
        guard let curve else { return places.map { x[$0] * scale[channel($0)] + shift[channel($0)] } }
        let reciprocals = spread(of: x).reciprocals
        return places.map { place in
            let c = channel(place)
            let gated = x[place] * ReferenceCurve.sigmoid(curve[c] * x[place])
            return gated * reciprocals[unit(place)] * scale[c] + shift[c]
        }
    }

    func evoNormGradient(
        _ x: [Double], _ gradient: [Double], _ scale: [Double], curve: [Double]?
    ) -> (input: [Double], scale: [Double], shift: [Double], curve: [Double]) {
        let none = [Double](repeating: 0, count: channels)
        var result = (input: gradient, scale: none, shift: none, curve: none)
        let (reciprocals, distances) = spread(of: x)
        // What reaches the reciprocal deviation of each group.
        var flowing = reciprocals.map { _ in 0.0 }
        for place in places {
            let (c, group) = (channel(place), unit(place))
            let gate = curve.map { ReferenceCurve.sigmoid($0[c] * x[place]) } ?? 1
            let reciprocal = curve == nil ? 1 : reciprocals[group]
            result.shift[c] += gradient[place]
            result.scale[c] += gradient[place] * x[place] * gate * reciprocal
            flowing[group] += gradient[place] * scale[c] * x[place] * gate
            let inner = gradient[place] * scale[c] * reciprocal
            result.curve[c] += inner * x[place] * x[place] * gate * (1 - gate)
            result.input[place] = inner * (gate + x[place] * gate * (1 - gate) * (curve?[c] ?? 0))
        }
        guard curve != nil else { return result }
        let members = Double(places.count / reciprocals.count)
        for place in places {
            let reciprocal = reciprocals[unit(place)]
            result.input[place] -=
                flowing[unit(place)] * reciprocal * reciprocal * reciprocal * distances[place] / members
        }
        return result
    }
}
