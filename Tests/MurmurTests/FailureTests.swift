import Testing

@testable import murmur

@Suite struct FailureTests {
    /// A run that could not go on says why in one sentence.
    @Test func givingUpIsToldInASentence() {
        let error = Abandonment(reason: "allreduce cannot go on: peer 2 is gone", folder: "runs/x")
        #expect("\(error)" == "allreduce cannot go on: peer 2 is gone, so the run ended (its records are in runs/x)")
    }
}
