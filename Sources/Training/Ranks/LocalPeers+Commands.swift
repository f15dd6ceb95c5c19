import Checkpoints
import Datasets
import Gossip
import Runs
import Runtime
import Synchronization
import Threads
import Workloads

/// One place says what each order means, whoever gives it.
extension LocalPeers {
    func carryOut(_ command: ControlContent<Command>) -> ControlContent<Reply> {
        do {
            return try reply(command)
        } catch let error as Unfit {
            return ControlContent(.unfit(peer: error.peer, reason: "\(error.reason)"))
        } catch let error as ThreadShortage {
            return ControlContent(.failed("\(error)", code: error.isOfPeers ? 78 : 1))
        } catch let error as DataError {
            return ControlContent(.failed("\(error)", code: error.kind == .malformed ? 65 : 66))
        } catch {
            return ControlContent(.failed("\(error)", code: 1))
        }
    }

    private func reply(_ command: ControlContent<Command>) throws -> ControlContent<Reply> {
        switch command.head {
        case .adopt(let words, let peer):
            adopt(SavedPeer(words: words, numbers: command.numbers ?? StateDict()), as: peer)
        case .prepare(let beginning): try prepare(beginning)
        case .begin: try begin()
        case .report:
            // Said before the loss that was no number for it.
            if let failure = plan.workload.failure { throw failure }
            return ControlContent(.report(report()))
        case .pause:
            gate.close()
            clock.pause()
        case .resume:
            clock.resume()
            gate.open()
        case .requestCut(let step): cut.request(after: step)
        case .releaseCut: releaseCut()
        case .closeCut: cut.close()
        case .stop(let step): stop(afterStep: step)
        case .giveAway: giveAway()
        case .endFaults: endFaults()
        case .save(let peer):
            let saved = self[peer].savedState()
            return ControlContent(.saved(saved.words), numbers: saved.numbers)
        case .model(let peer):
            let peer = self[peer]
            return ControlContent(.model, payload: peer.progress.withLock { $0.finalModel } ?? peer.evaluated())
        case .leave(let gone, let rank): leave(gone, rank: rank)
        case .end: end()
        }
        return ControlContent(.done)
    }
}
