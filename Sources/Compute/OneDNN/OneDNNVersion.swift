internal import COneDNN

/// The version of the oneDNN library that is loaded, such as `2.6.3`.
public var oneDNNVersion: String {
    let number = conednn_version()
    return "\(number / 10000).\(number / 100 % 100).\(number % 100)"
}
