import Configuration
import Gossip
import Graphs
import InProcessTransport
import Runtime
import Vectors

/// What the peer's own thread does, from joining the others to the end.
extension PeerHost {
    /// Joins the others, compares what all are about to do, and serves until the peer is closed or has come to its end.
    func run(_ join: () throws(BridgeError) -> PeerConnection) {
        defer { noteEnd() }
        do throws(BridgeError) {
            switch try join() {
            case .alone: try serveAlone()
            case .processes(let network): try serve(network)
            case .links(let member): try serve(member)
            }
        } catch {
            seat.fail(error)
        }
    }

    /// What this process is about to do.
    private var hello: Hello {
        var facts = [
            Hello.Fact(key: "version", value: murmurVersion),
            Hello.Fact(key: "algorithm", value: settings.algorithm.text),
            Hello.Fact(key: "topology", value: settings.topology?.text ?? "complete"),
            Hello.Fact(key: "compression", value: settings.compression?.text ?? "none"),
            Hello.Fact(key: "seed", value: "\(settings.seed)"),
            Hello.Fact(key: "keeps_own_start", value: "\(settings.keepsOwnStart)"),
        ]
        let traits = AlgorithmSource.traits(settings.algorithm.name, options: settings.algorithm.options)
        if traits.isLockStep, !settings.isServer {
            facts.append(Hello.Fact(key: "steps", value: settings.steps.map { "\($0)" } ?? "unknown"))
        }
        return Hello(
            facts: facts,
            parameters: settings.layout.entries.map { Hello.Parameter(name: $0.name, shape: $0.shape) },
            isServer: settings.isServer, steps: settings.stepCount)
    }

    // MARK: Alone

    private func serveAlone() throws(BridgeError) {
        guard !settings.isServer else {
            throw BridgeError(.invalid, "a server that is alone serves nobody; start it beside learners")
        }
        let plan = try plan(me: 0, peers: 1, layout: settings.layout)
        let algorithm = try algorithm { () throws(ConfigurationError) in try plan.algorithm() }
        guard mayRun() else { return }
        let port = BridgePort(tensors, readsGradient: readsGradient, ways: NoWays())
        drive(
            PeerLoop(
                self, tensors, plan, node: node(plan, algorithm, tensors, port, start: tensors.snapshot()), port: port,
                ranks: nil, links: nil), by: mail.transport(for: 0))
    }

    // MARK: Processes

    private func serve(_ network: any ProcessNetwork) throws(BridgeError) {
        let desk = RankDesk(network, waker: mail.waker(for: 0))
        desk.begin()
        let transport = mail.transport(for: 0)
        var handshake = PeerHandshake(desk, isClosing: { [self] in isClosing })
        let others = (0..<network.count).filter { $0 != network.rank }
        do throws(BridgeError) {
            try handshake.shake(hello, transport)
            try serve(desk, &handshake, transport)
        } catch {
            // Whoever waits for this process waits no longer.
            desk.send(.refusal(error.description), to: others)
            network.abandon()
            throw error
        }
    }

    private func serve(
        _ desk: RankDesk, _ handshake: inout PeerHandshake, _ transport: consuming InProcessTransport
    ) throws(BridgeError) {
        let ranks = handshake.ranksOfPeers
        let hellos = ranks.compactMap { handshake.hellos[$0] }
        let learners = hellos.filter { !$0.isServer }
        guard let first = learners.first, let place = ranks.firstIndex(of: desk.network.rank) else {
            throw BridgeError(.invalid, "all processes are servers, and nobody learns; start learners beside them")
        }
        let layout = VectorLayout(first.parameters.map { (name: $0.name, shape: $0.shape) })
        let plan = try plan(
            me: PeerID(place), peers: learners.count, layout: layout, learnerSteps: learners.map(\.steps))
        guard plan.traits.servers == hellos.count - learners.count else {
            throw BridgeError(
                .invalid,
                "\(settings.algorithm.name) takes \(plan.traits.servers) servers and \(learners.count) learners were "
                    + "started with \(hellos.count - learners.count); start as many servers as it takes")
        }
        let algorithm = try algorithm { () throws(ConfigurationError) in try plan.algorithm() }
        guard mayRun() else { throw BridgeError(.closed, "the peer is closed") }
        let tensors =
            settings.isServer
            ? CallerTensors(TensorMemory([nil], counts: [layout.count]), pool: pool) : tensors
        let own = settings.isServer ? nil : tensors.snapshot()
        let start = try handshake.commonStart(own, isKept: settings.keepsOwnStart, transport)
        guard let start, start.count == layout.count else {
            throw BridgeError(
                .mismatch, "the model of the first learner is of another length; install the same version")
        }
        let ways = RankWays(desk.network, ranks: ranks)
        let port = BridgePort(tensors, readsGradient: readsGradient, ways: ways)
        let course = PeerLoop.RankCourse(desk: desk, ways: ways, ranksOfPeers: ranks, learners: learners.count)
        drive(
            PeerLoop(
                self, tensors, plan, node: node(plan, algorithm, tensors, port, start: start), port: port,
                ranks: course, links: nil), by: transport, frames: handshake.frames, letters: handshake.letters)
    }

    // MARK: Links

    private func serve(_ member: any LinkMember) throws(BridgeError) {
        let plan = try plan(me: 0, peers: 1, layout: settings.layout)
        let algorithm = try algorithm { () throws(ConfigurationError) in try plan.openAlgorithm(member.terms) }
        let text = hello.facts.map { "\($0.key): \($0.value)\n" }.joined()
        var fingerprint = Fingerprint()
        fingerprint.combine(text)
        let network: any LinkNetwork
        do {
            network = try member.open(
                LinkRun(
                    fingerprint: fingerprint.value, text: text, parameterCount: plan.layout.count,
                    layout: plan.layout.fingerprint))
        } catch {
            throw BridgeError(joining: error)
        }
        guard mayRun() else { return network.end(isFinished: false) }
        if member.terms.isFounder { noteEntry() }
        network.begin(
            LinkArrivals(inbound: { [mail] in mail.waker(for: 0).post($0) }, notice: { [self] in take($0) }))
        let port = BridgePort(tensors, readsGradient: readsGradient, ways: LinkWays(network: network))
        drive(
            PeerLoop(
                self, tensors, plan,
                node: node(plan, algorithm, tensors, port, start: tensors.snapshot(), isByLinks: true), port: port,
                ranks: nil, links: PeerLoop.LinkCourse(network: network, terms: member.terms)),
            by: mail.transport(for: 0))
    }

    // MARK: Parts

    private func drive(
        _ loop: consuming sending PeerLoop, by transport: consuming InProcessTransport, frames: [Frame] = [],
        letters: [RankDesk.Item] = []
    ) {
        let driver = PeerDriver(loop)
        note(driver)
        driver.run(by: transport, frames: frames, letters: letters)
    }

    private func plan(
        me: PeerID, peers: Int, layout: VectorLayout, learnerSteps: [UInt64] = []
    ) throws(BridgeError) -> PeerPlan {
        do {
            return try PeerPlan(settings, me: me, peers: peers, layout: layout, learnerSteps: learnerSteps)
        } catch {
            throw BridgeError(.invalid, "\(error)")
        }
    }

    private func algorithm(
        _ make: () throws(ConfigurationError) -> any Algorithm
    ) throws(BridgeError) -> any Algorithm {
        do {
            return try make()
        } catch {
            throw BridgeError(.invalid, "\(error)")
        }
    }

    private func node(
        _ plan: PeerPlan, _ algorithm: any Algorithm, _ tensors: CallerTensors, _ port: BridgePort, start: Payload,
        isByLinks: Bool = false
    ) -> Node {
        var node = Node(
            algorithm, me: plan.me, peers: isByLinks ? Setup.places : plan.peers, model: FlatVector(start.array()),
            localOptimizer: OutsideSteps(tensors, seat, isCommanded: readsGradient, rate: rate),
            port: port, session: Session(me: plan.me, retransmissionSeconds: nil, isByLinks: isByLinks), pool: pool,
            links: plan.links)
        if plan.traits.needsScores {
            node.scorer = OutsideScorer(tensors: tensors, seat: seat, scoresLoss: plan.traits.scoresByLoss)
        }
        return node
    }
}
