/// Where a layer stands in a network: numbers from 0, and within another layer behind the name of its branch.
struct LayerPlace: Sendable, Hashable {
    /// As `torch.nn.Sequential` names it: `4`, and `3.body.0` for the first layer of a branch of layer 3.
    let number: String
    /// The key of an experiment file that it is written under, within `model`: `layers[3].body[0]`.
    let key: String

    /// A layer of the network's own list.
    init(_ index: Int) {
        number = "\(index)"
        key = "layers[\(index)]"
    }

    private init(number: String, key: String) {
        self.number = number
        self.key = key
    }

    /// A layer of a branch of this one.
    func within(_ branch: String, _ index: Int) -> LayerPlace {
        LayerPlace(number: "\(number).\(branch).\(index)", key: "\(key).\(branch)[\(index)]")
    }
}
