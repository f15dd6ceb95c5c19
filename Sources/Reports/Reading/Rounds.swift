import Records

extension Metrics {
    /// The tests of a run, in the order of time.
    func tests() -> [Round] { rounds(of: .test) }

    /// The training scores of a run: those of the peers that have reported the same step, in the order of time.
    ///
    /// A peer's moment is its own. Together they stand where the last of them was, and what had been sent until then is
    /// drawn straight between the moments for which it was recorded.
    func training() -> [Round] { rounds(of: .train) }

    private func rounds(of split: MetricsRecord.Split) -> [Round] {
        var groups: [Int: [MetricsRecord.Subject: Learning]] = [:]
        // A run that went on from a checkpoint may have recorded a step twice; the later record holds.
        for record in learning where record.split == split {
            groups[record.step, default: [:]][record.subject] = record
        }
        let distances = Dictionary(self.distances.map { ($0.step, $0.distance) }) { $1 }
        let traffic = TrafficCurve(self.traffic)
        let rounds = groups.compactMap { step, records -> Round? in
            let server = records[.server]
            let others = records.values.filter { $0.subject != .server }
            guard !others.isEmpty else { return nil }
            let peers = others.compactMap { record in
                if case .peer(let peer) = record.subject { (peer, record) } else { nil }
            }.sorted { $0.0 < $1.0 }
            let consensus = records[.consensus]
            let time = others.map(\.time).max() ?? 0
            let moment = Moment(
                time: time,
                samples: consensus.map { Double($0.samples) } ?? peers.reduce(0) { $0 + Double($1.1.samples) },
                bytes: split == .test ? traffic.bytes(atStep: step, time: time) : traffic.bytes(at: time),
                epoch: others.map(\.epoch).max() ?? 0)
            return Round(
                step: step, moment: moment,
                consensus: consensus.map(Score.init), peers: peers.map { ($0.0, Score($0.1)) },
                server: server.map(Score.init), distance: split == .test ? distances[step] ?? nil : nil,
                learningRate: Band(over: peers.map(\.1.learningRate)))
        }
        return rounds.sorted { ($0.moment.time, $0.step) < ($1.moment.time, $1.step) }
    }
}
