/// A peer on an open network, before it has a link.
public protocol LinkMember: Sendable {
    /// How it takes part.
    var terms: LinkTerms { get }
    /// Who and where it is, for people, a line each.
    var introduction: [String] { get }

    /// The experiment that the others carry out, as the first of them tells it who answers. Throws `LinkError` where
    /// nobody does for so many seconds, and why the peer is not let in.
    ///
    /// - Parameters:
    ///   - isStopped: asked a few times a second whether to wait no longer; then nil is returned.
    ///   - say: told what whoever waits should know.
    func experiment(
        patienceSeconds: Double, isStopped: () -> Bool, say: (String) -> Void
    ) throws -> (text: String, teller: String)?

    /// Takes the address at which it is to be found, and nothing more. Throws `LinkError` where it cannot.
    func open(_ run: LinkRun) throws -> any LinkNetwork
}
