extension Hello {
    /// Why the sender of another greeting cannot be linked to that of this one; nil where it can.
    func refusal(of theirs: Hello) -> Refusal? {
        if !protocols.overlaps(theirs.protocols) { return .otherProtocol }
        if isEnquiry || theirs.isEnquiry { return nil }
        if experiment != theirs.experiment || parameterCount != theirs.parameterCount || layout != theirs.layout {
            return .otherExperiment
        }
        if encodings & theirs.encodings == 0 { return .otherEncoding }
        return nil
    }

    /// Whether its sender has no run yet and only asks for one.
    var isEnquiry: Bool { experiment == 0 }
}
