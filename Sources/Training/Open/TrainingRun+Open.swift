import Checkpoints
import Gossip
import Records
import Runs
import Runtime

/// A run on an open network, which leads the one peer of its process and nobody else.
extension TrainingRun {
    /// Seconds between two looks at the links that are written down.
    private static let statusSeconds = 5.0

    /// Says what there is to say, lets the peer train once it may, and writes how things stand where that is due.
    func lookAtLinks() throws {
        guard let links else { return }
        for sentence in links.takeRemarks() { remark(sentence) }
        let status = links.network.status()
        links.note(status)
        progress.links = linkRates.progress(status, at: clock.now)
        if !isTraining, links.mayTrain(status) { try letTrain() }
        let isDue = lastStatusAt.map { clock.now.seconds - $0.seconds >= Self.statusSeconds } ?? true
        guard isDue else { return }
        try write(status)
    }

    /// Takes leave of the others, with the last word on how things stand.
    func endLinks() throws {
        guard let links else { return }
        let status = links.network.status()
        links.network.end(isFinished: leader.ending == .completed)
        for sentence in links.takeRemarks() { remark(sentence) }
        try write(status)
    }

    private func write(_ status: LinkStatus) throws {
        lastStatusAt = clock.now
        try keepStatus(
            StatusRecord(
                status, progress: progress, mass: everybody.first?.mass,
                messagesSent: everybody[0].statistics.messagesSent,
                messagesReceived: everybody[0].statistics.messagesReceived))
    }
}

extension StatusRecord {
    fileprivate init(
        _ status: LinkStatus, progress: TrainingProgress, mass: Double?, messagesSent: Int, messagesReceived: Int
    ) {
        self.init(group: status.group, peer: status.peer)
        addresses = status.addresses
        isReachable = status.isReachable
        members = status.members.map { Member(peer: $0.peer, standing: $0.standing, addresses: $0.addresses) }
        links = status.links.map {
            Link(
                place: $0.place, peer: $0.peer, address: $0.address, isDialed: $0.isDialed, seconds: $0.seconds,
                bytesSent: $0.bytesSent, bytesReceived: $0.bytesReceived)
        }
        (bytesSent, bytesReceived) = (status.bytesSent, status.bytesReceived)
        (self.messagesSent, self.messagesReceived) = (messagesSent, messagesReceived)
        (steps, stepsTotal) = (progress.steps, progress.stepsTotal)
        (seconds, samplesPerSecond) = (progress.seconds, progress.samplesPerSecond)
        (loss, accuracy, self.mass) = (progress.loss, progress.accuracy, mass)
    }
}
