import Foundation
import Gossip
import Graphs
import Runtime
import Synchronization
import Testing
import Vectors
import Wire

@testable import ProcessesTransport

@Suite struct LocalRanksTests {
    private func frame(_ numbers: [Float]?, from: Int, to: Int) -> Frame {
        Frame(
            from: PeerID(from), to: PeerID(to),
            content: .message(
                sequence: 1, id: MessageID(rawValue: 1), metadata: Metadata(), payload: numbers.map { Payload($0) }))
    }

    private func end(_ networks: [LocalRanks]) {
        _ = Meeting.each(Array(networks.indices)) { networks[$0].end() }
    }

    @Test func eachKindComesInItsOrderAlsoWhatCameBeforeAnybodyListened() throws {
        let (networks, _) = try Meeting(2).join(networks: 2)
        networks[1].send(frame([1, 2], from: 1, to: 0), to: 0)
        networks[1].send(ControlMessage(words: Array("first".utf8), payload: Payload([3])), to: 0)
        networks[1].send(frame(nil, from: 1, to: 0), to: 0)
        networks[1].send(ControlMessage(words: []), to: 0)
        networks[1].send(ControlMessage(words: Array("last".utf8), payload: Payload([])), to: 0)
        let heard = Heard()
        networks[0].begin(heard.arrivals)
        #expect(
            heard.wait(for: 5) == [
                "frame [1.0, 2.0] of 1", "first [3.0] of 1", "frame [] of 1", " [] of 1", "last [] of 1",
            ])
        end(networks)
        // To take leave is not to die, and may be asked for twice.
        networks[0].end()
        #expect(heard.all.count == 5)
        #expect(networks.allSatisfy { $0.problem == nil })
    }

    /// A script that trains two models one after the other meets in one folder twice.
    @Test func theSameProcessesMeetAgain() throws {
        let meeting = try Meeting(3)
        for round in 1...3 {
            let (networks, _) = try meeting.join(networks: 3)
            let heard = Heard()
            networks[0].begin(heard.arrivals)
            networks[2].send(ControlMessage(words: Array("round \(round)".utf8)), to: 0)
            #expect(heard.wait(for: 1) == ["round \(round) [] of 2"])
            end(networks)
        }
    }

    /// What was handed over in time still arrives, the others go on, and all may meet again.
    @Test func whoGoesWithoutLeaveIsGoneAtOnce() throws {
        let meeting = try Meeting(3)
        let (networks, _) = try meeting.join(networks: 3)
        let heard = networks.map { _ in Heard() }
        for (network, heard) in zip(networks, heard) { network.begin(heard.arrivals) }
        networks[2].send(ControlMessage(words: Array("refusal".utf8)), to: 0)
        networks[2].abandon()
        networks[2].abandon()
        #expect(heard[0].wait(for: 2) == ["refusal [] of 2", "timeout of 2"])
        #expect(heard[1].wait(for: 1) == ["timeout of 2"])
        networks[0].forget(2)
        end(Array(networks[..<2]))
        end(try meeting.join(networks: 3).networks)
    }

    @Test func whatLeavesLastArrives() throws {
        let (networks, _) = try Meeting(3).join(networks: 3)
        let heard = networks.map { _ in Heard() }
        for (network, heard) in zip(networks, heard) { network.begin(heard.arrivals) }
        for other in 1..<3 {
            networks[other].send(frame([Float](repeating: 0.5, count: 1 << 20), from: other, to: 0), to: 0)
            networks[other].send(ControlMessage(words: Array("bye".utf8)), to: 0)
        }
        end(networks)
        #expect(heard[0].all.count { $0.hasPrefix("bye") } == 2)
        #expect(heard[0].all.count == 4)
        #expect(heard[1].all == [])
    }

    /// Everybody hears of it at once, behind all that came before, and nobody waits for it in the end.
    @Test func aDeathIsToldToEveryRank() throws {
        let (networks, played) = try Meeting(4).join(networks: 3)
        let heard = networks.map { _ in Heard() }
        for (network, heard) in zip(networks, heard) { network.begin(heard.arrivals) }
        for socket in played[0].sockets.values {
            let last = frame(nil, from: 3, to: 0)
            socket.say(Envelope.frame(last, payload: nil, isPacked: false).encoded)
        }
        played[0].die()
        for heard in heard { #expect(heard.wait(for: 2) == ["frame [] of 3", "timeout of 3"]) }
        networks[0].forget(3)
        // What is for the dead goes nowhere, and keeps nobody waiting.
        networks[1].send(frame([1], from: 1, to: 3), to: 3)
        end(networks)
        for heard in heard { #expect(heard.all.count == 2) }
    }

    /// A process that stands still keeps its connections. The fourth beat is the last within its time.
    @Test func aRankThatStandsStillIsToldOnceAfterItsTime() throws {
        let meeting = try Meeting(2)
        let (networks, played) = try meeting.join(networks: 1, silenceSeconds: 10)
        let heard = Heard()
        networks[0].begin(heard.arrivals)
        for beat in 0...4 {
            meeting.time.withLock { $0 = 2.5 * Double(beat) }
            networks[0].bell.ring()
            let envelope = try Envelope(encoded: played[0].read(Envelope.byteCount, from: 0))
            guard case .heartbeat = envelope else {
                Issue.record("\(envelope) where a beat is due")
                return
            }
            #expect(heard.all == [])
        }
        meeting.time.withLock { $0 = 12.5 }
        networks[0].bell.ring()
        #expect(heard.wait(for: 1) == ["timeout of 1"])
        networks[0].forget(1)
        // It finds itself left when it goes on, behind one beat more or none.
        #expect(played[0].read(2 * Envelope.byteCount, from: 0).count < 2 * Envelope.byteCount)
        networks[0].end()
        #expect(heard.all.count == 1)
    }

    /// Where somebody speaks it lives, whatever it says.
    @Test func whoIsHeardIsNotSilent() throws {
        let meeting = try Meeting(2)
        let (networks, played) = try meeting.join(networks: 1, silenceSeconds: 10)
        let heard = Heard()
        networks[0].begin(heard.arrivals)
        for beat in 0...8 {
            meeting.time.withLock { $0 = 2.5 * Double(beat) }
            networks[0].bell.ring()
            #expect(played[0].read(Envelope.byteCount, from: 0).count == Envelope.byteCount)
            let word = Envelope.controlMessage(words: 1, payload: nil).encoded + Array("\(beat)".utf8)
            played[0].sockets[0]?.say(word)
            #expect(heard.wait(for: 1).last == "\(beat) [] of 1")
        }
        played[0].die()
        #expect(heard.wait(for: 1).last == "timeout of 1")
        networks[0].end()
    }

    /// What rank 0 says holds on all, and those hear of it.
    @Test func whoIsForgottenByRank0IsGoneForAll() throws {
        let (networks, played) = try Meeting(3).join(networks: 2)
        let heard = networks.map { _ in Heard() }
        for (network, heard) in zip(networks, heard) { network.begin(heard.arrivals) }
        for _ in 0..<2 { networks[0].forget(2) }
        #expect(heard[1].wait(for: 1) == ["timeout of 2"])
        // It is heard no more on either.
        for rank in 0..<2 {
            played[0].sockets[rank]?.say(Envelope.controlMessage(words: 0, payload: nil).encoded)
            while played[0].read(Envelope.byteCount, from: rank).count == Envelope.byteCount {}
        }
        end(networks)
        #expect(heard[0].all == [])
        #expect(heard[1].all.count == 1)
    }

    @Test func whoSendsWhatIsNoMessageIsGone() throws {
        let (networks, played) = try Meeting(3).join(networks: 2)
        let heard = networks.map { _ in Heard() }
        for (network, heard) in zip(networks, heard) { network.begin(heard.arrivals) }
        played[0].sockets[0]?.say([UInt8](repeating: 7, count: Envelope.byteCount))
        #expect(heard[0].wait(for: 1) == ["timeout of 2"])
        let problem = try #require(networks[0].problem)
        #expect(problem.hasPrefix("rank 2 sent what no rank sends: the bytes are no frame"))
        // Only the rank that has seen it knows.
        networks[0].send(ControlMessage(words: Array("go on".utf8)), to: 1)
        #expect(heard[1].wait(for: 1) == ["go on [] of 0"])
        played[0].die()
        #expect(heard[1].wait(for: 1).last == "timeout of 2")
        end(networks)
    }

    /// Who sends more than the other end takes waits, until that reads on or is gone.
    @Test(arguments: [true, false]) func whoeverSendsTooFastWaits(_ dies: Bool) throws {
        let (networks, played) = try Meeting(2).join(networks: 1, backlogBytes: 1 << 20)
        let network = networks[0]
        let through = DispatchSemaphore(value: 0)
        let long = frame([Float](repeating: 0.25, count: 1 << 20), from: 0, to: 1)
        // The first goes in whatever its length.
        network.send(long, to: 1)
        Thread.detachNewThread {
            network.send(long, to: 1)
            through.signal()
        }
        while network.backlog.waiting(for: 1) == 0 { sched_yield() }
        let heard = Heard()
        network.begin(heard.arrivals)
        if dies {
            played[0].die()
            through.wait()
            #expect(heard.wait(for: 1) == ["timeout of 1"])
        } else {
            // With a beat ahead.
            let bytes = played[0].read(3 * Envelope.byteCount + 8 << 20, from: 0)
            through.wait()
            #expect(bytes.suffix(4) == [0, 0, 0x80, 0x3e])
            played[0].sockets[0]?.say(Envelope.shutdown.encoded)
        }
        network.end()
        #expect(heard.all == (dies ? ["timeout of 1"] : []))
    }
}
