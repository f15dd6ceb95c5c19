import Models

/// Norms and the mean over pixels in plain loops, on images (batch, channels, pixels).
struct ReferenceNorm {
    let batch: Int
    let channels: Int
    let pixels: Int
    /// Of channels of one image; nil for a norm over the batch.
    let groups: Int?

    var places: Range<Int> { 0..<(batch * channels * pixels) }

    func channel(_ place: Int) -> Int { place / pixels % channels }

    /// Which mean and variance a number goes by.
    func unit(_ place: Int) -> Int {
        guard let groups else { return channel(place) }
        return place / (channels * pixels) * groups + channel(place) / (channels / groups)
    }

    /// The means over those that go by the same.
    func unitMeans(_ values: [Double]) -> [Double] {
        let units = groups.map { batch * $0 } ?? channels
        var sums = [Double](repeating: 0, count: units)
        for place in places { sums[unit(place)] += values[place] }
        return sums.map { $0 * Double(units) / Double(places.count) }
    }

    private func standardized(_ x: [Double]) -> (values: [Double], deviations: [Double]) {
        let means = unitMeans(x)
        let variances = unitMeans(places.map { (x[$0] - means[unit($0)]) * (x[$0] - means[unit($0)]) })
        let deviations = variances.map { ($0 + Double(Norm.epsilon)).squareRoot() }
        return (places.map { (x[$0] - means[unit($0)]) / deviations[unit($0)] }, deviations)
    }

    /// `given` is the mean and variance of each channel, for a norm over the batch.
    func forward(
        _ x: [Double], _ scale: [Double], _ shift: [Double], given: (mean: [Double], variance: [Double])?
    ) -> [Double] {
        var normal = standardized(x).values
        if let given, groups == nil {
            normal = places.map { place in
                let c = channel(place)
                return (x[place] - given.mean[c]) / (given.variance[c] + Double(Norm.epsilon)).squareRoot()
            }
        }
        return places.map { normal[$0] * scale[channel($0)] + shift[channel($0)] }
    }

    func backward(
        _ x: [Double], _ gradient: [Double], _ scale: [Double]
    ) -> (input: [Double], scale: [Double], shift: [Double]) {
        let (normal, deviations) = standardized(x)
        var result = (
            input: [Double](), scale: [Double](repeating: 0, count: channels),
            shift: [Double](repeating: 0, count: channels)
        )
        for place in places {
            result.scale[channel(place)] += gradient[place] * normal[place]
            result.shift[channel(place)] += gradient[place]
        }
        let inner = places.map { gradient[$0] * scale[channel($0)] }
        let means = unitMeans(inner)
        let products = unitMeans(places.map { inner[$0] * normal[$0] })
        result.input = places.map {
            (inner[$0] - means[unit($0)] - normal[$0] * products[unit($0)]) / deviations[unit($0)]
        }
        return result
    }

    func pixelMeans(_ x: [Double]) -> [Double] {
        (0..<(batch * channels)).map { row in
            x[(row * pixels)..<((row + 1) * pixels)].reduce(0, +) / Double(pixels)
        }
    }

    func spread(_ gradient: [Double]) -> [Double] {
        places.map { gradient[$0 / pixels] / Double(pixels) }
    }
}
