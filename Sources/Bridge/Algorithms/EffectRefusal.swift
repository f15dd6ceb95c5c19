/// An effect that no node could carry out.
struct EffectRefusal: Error {
    /// What is wrong with it, and what would be right.
    let sentence: String

    init(_ sentence: String) { self.sentence = sentence }
}
