/// The form of `status.prom`, as the text collector of Prometheus' node exporter reads it.
extension StatusRecord {
    /// A gauge or counter for each number, with the group and the peer as labels.
    public var metrics: String {
        let rows: [(name: String, kind: String, help: String, value: Double?)] = [
            ("murmur_peers", "gauge", "Peers that are there, this one among them.", Double(members.count)),
            ("murmur_links", "gauge", "Links that are up.", Double(links.count)),
            ("murmur_reachable", "gauge", "Whether others can dial this peer.", isReachable.map { $0 ? 1 : 0 }),
            ("murmur_sent_bytes_total", "counter", "Bytes sent over links.", Double(bytesSent)),
            ("murmur_received_bytes_total", "counter", "Bytes received over links.", Double(bytesReceived)),
            ("murmur_sent_messages_total", "counter", "Messages of the algorithm sent.", Double(messagesSent)),
            (
                "murmur_received_messages_total", "counter", "Messages of the algorithm received.",
                Double(messagesReceived)
            ),
            ("murmur_steps_total", "counter", "Gradient steps made.", Double(steps)),
            ("murmur_training_seconds_total", "counter", "Seconds of training.", seconds),
            ("murmur_samples_per_second", "gauge", "Training samples in a second.", samplesPerSecond),
            ("murmur_loss", "gauge", "Mean training loss of the last stretch of steps.", loss),
            ("murmur_test_accuracy", "gauge", "Accuracy of the last test, from 0 to 1.", accuracy),
            ("murmur_weight", "gauge", "Weight that the peer holds.", mass),
        ]
        let labels = "{group=\"\(group)\",peer=\"\(peer)\"}"
        return rows.compactMap { row in
            row.value.map {
                "# HELP \(row.name) \(row.help)\n# TYPE \(row.name) \(row.kind)\n\(row.name)\(labels) \($0)\n"
            }
        }.joined()
    }
}
