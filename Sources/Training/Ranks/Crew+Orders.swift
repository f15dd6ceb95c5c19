import Gossip
import Runtime
import Synchronization

/// One place says what each order means, whoever gives it.
extension Crew {
    func carryOut(_ order: Parcel<Order>) -> Parcel<Answer> {
        do {
            return try answer(order)
        } catch let error as Unfit {
            return Parcel(.unfit(peer: error.peer, reason: "\(error.reason)"))
        } catch let error as ThreadShortage {
            return Parcel(.failed("\(error)", code: error.isOfPeers ? 78 : 1))
        } catch {
            return Parcel(.failed("\(error)", code: 1))
        }
    }

    private func answer(_ order: Parcel<Order>) throws -> Parcel<Answer> {
        switch order.head {
        case .adopt(let words, let peer): adopt(SavedPeer(words: words, numbers: order.numbers ?? Numbers()), as: peer)
        case .prepare(let beginning): try prepare(beginning)
        case .begin: try begin()
        case .report: return Parcel(.report(report()))
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
        case .endFaults: endFaults()
        case .save(let peer):
            let saved = self[peer].savedState()
            return Parcel(.saved(saved.words), numbers: saved.numbers)
        case .model(let peer):
            let peer = self[peer]
            return Parcel(.model, payload: peer.progress.withLock { $0.finalModel } ?? peer.evaluated())
        case .leave(let gone, let rank): leave(gone, rank: rank)
        case .end: end()
        }
        return Parcel(.done)
    }
}
