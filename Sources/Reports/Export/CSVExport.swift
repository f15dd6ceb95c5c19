import Records

/// The records of a run as tables, one for each kind.
struct CSVExport {
    let run: RunRecords

    /// The tables under the names of their files; those without a row are left out.
    var tables: [(name: String, table: CSVTable)] {
        [
            ("learning", learning), ("consensus", consensus), ("network", network), ("stages", stages),
            ("spans", spans), ("peers", peers), ("messages", messages), ("predictions", predictions),
            ("settings", settings),
        ].filter { !$0.1.rows.isEmpty }.map { ("\($0.0).csv", $0.1) }
    }

    private var learning: CSVTable {
        CSVTable(
            header: ["step", "time", "epoch", "peer", "split", "loss", "accuracy", "samples", "learning_rate"],
            rows: run.metrics.learning.map { record in
                let numbers = [record.loss, record.accuracy].map(CSVTable.number)
                return ["\(record.step)", CSVTable.number(record.time), CSVTable.number(record.epoch)]
                    + [record.subject.exportName, record.split.rawValue] + numbers
                    + ["\(record.samples)", CSVTable.number(record.learningRate)]
            })
    }

    private var consensus: CSVTable {
        CSVTable(
            header: ["step", "time", "distance"],
            rows: run.metrics.distances.map {
                ["\($0.step)", CSVTable.number($0.time), CSVTable.number($0.distance)]
            })
    }

    private var network: CSVTable {
        CSVTable(
            header: ["step", "time", "messages", "bytes"],
            rows: run.metrics.traffic.map {
                ["\($0.step)"] + [$0.time, $0.messages, $0.bytes].map(CSVTable.number)
            })
    }

    private var stages: CSVTable {
        CSVTable(
            header: ["stage", "layers", "peers", "parameters", "split"],
            rows: run.metrics.stages.map { stage in
                let peers = stage.peers.map(String.init).joined(separator: " ")
                return ["\(stage.stage)", stage.layers, peers, "\(stage.parameters)", stage.split]
            })
    }

    private var spans: CSVTable {
        CSVTable(
            header: ["peer", "begin", "end", "pass", "microbatch", "slot"],
            rows: run.metrics.spans.map { span in
                ["\(span.peer)", CSVTable.number(span.begin), CSVTable.number(span.end), span.direction.rawValue]
                    + ["\(span.microbatch)", "\(span.slot)"]
            })
    }

    private var peers: CSVTable {
        CSVTable(
            header: [
                "peer", "steps", "samples", "messages_sent", "bytes_sent", "train_seconds", "gradient_seconds",
                "update_seconds", "communication_seconds", "waiting_seconds", "accuracy", "loss", "died_at_seconds",
            ],
            rows: (run.summary?.perPeer ?? []).map { peer in
                [peer.peer, peer.steps, peer.samples, peer.messagesSent, peer.bytesSent].map(String.init)
                    + [
                        peer.trainSeconds, peer.gradientSeconds, peer.updateSeconds, peer.communicationSeconds,
                        peer.waitingSeconds, peer.accuracy, peer.loss, peer.diedAtSeconds,
                    ].map(CSVTable.number)
            })
    }

    private var messages: CSVTable {
        let pairs = run.summary?.messagesByPair ?? []
        let bytes = run.summary?.bytesByPair
        return CSVTable(
            header: ["sender", "receiver", "messages", "bytes"],
            rows: pairs.indices.flatMap { sender in
                pairs.indices.filter { pairs[sender][$0] > 0 }.map { receiver in
                    ["\(sender)", "\(receiver)", "\(pairs[sender][receiver])"]
                        + [bytes.map { "\($0[sender][receiver])" } ?? ""]
                }
            })
    }

    private var predictions: CSVTable {
        let known = run.predictions
        return CSVTable(
            header: ["sample", "class", "answer"],
            rows: (known?.labels.indices ?? 0..<0).map { sample in
                ["\(sample)"]
                    + [known?.labels[sample], known?.answers[sample]].map { $0.flatMap { known?.classes[$0] } ?? "" }
            })
    }

    private var settings: CSVTable {
        CSVTable(header: ["key", "value"], rows: run.settings.map { [$0.key, $0.value] })
    }
}

extension MetricsRecord.Subject {
    /// Whose model it is, as other tools show it.
    var exportName: String {
        switch self {
        case .peer(let number): "\(number)"
        case .consensus: "consensus"
        case .server: "server"
        }
    }
}
