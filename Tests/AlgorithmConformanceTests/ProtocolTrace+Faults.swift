import Conditions
import Configuration
import Gossip
import Graphs

extension ProtocolTrace {
    /// Runs in which something goes wrong, each the shortest that shows what an algorithm does then.
    static let withFaults = [
        ProtocolTrace(
            algorithm: "dpsgd", peers: 4, faults: [.cut(from: 0, to: 1, TimeWindow(until: Time(seconds: 0.014)))],
            story: "loss",
            moral: "what peer 0 sends to peer 1 is lost at first and sent again; peer 1 waits, and nothing else changes"
        ),
        ProtocolTrace(
            algorithm: "sgp", topology: "directed-ring",
            faults: [.delay(1, by: TimeSpan(nanoseconds: 30_000_000), TimeWindow(until: Time(seconds: 0.011)))],
            story: "late",
            moral: "peer 0's first share is 30 ms late; the others go on until they need what follows from it"),
        ProtocolTrace(
            algorithm: "osgp", topology: "directed-ring",
            faults: [.pause(1, TimeWindow(from: Time(seconds: 0.012), until: Time(seconds: 0.06)))], story: "pause",
            moral: "peer 1 does nothing for 48 ms and then handles all that has come, in order"),
        ProtocolTrace(
            algorithm: "gosgd", topology: "complete", options: ["probability": .number(1)],
            faults: [.crash(1, TimeWindow(from: Time(seconds: 0.025)), isTorn: false)], story: "crash",
            moral: "peer 1 dies with its share; what it never handled comes back to its senders 20 ms later"),
        ProtocolTrace(
            algorithm: "dpsgd", peers: 4, faults: [.crash(2, TimeWindow(from: Time(seconds: 0.025)), isTorn: false)],
            story: "crash",
            moral: "peer 2 dies; its neighbours wait until they hear of it, and put its weight on themselves"),
        ProtocolTrace(
            algorithm: "gossip-pull", topology: "complete",
            faults: [.crash(1, TimeWindow(from: Time(seconds: 0.0105)), isTorn: false)], story: "crash",
            moral: "peer 1 dies; who has asked it drops the pull when it hears of it, and asks others from then on"),
        ProtocolTrace(
            algorithm: "allreduce", topology: "complete",
            faults: [.crash(1, TimeWindow(from: Time(seconds: 0.02)), isTorn: false)], story: "crash",
            moral: "peer 1 dies; an average over all is no more to be had, and the others give up and say why"),
        ProtocolTrace(
            algorithm: "downpour", topology: "complete", options: ["period": .integer(2)],
            faults: [.crash(3, TimeWindow(from: Time(seconds: 0.03)), isTorn: false)], story: "server-crash",
            moral: "the server dies, and the workers give up"),
        ProtocolTrace(
            algorithm: "gosgd", topology: "complete", options: ["probability": .number(1)],
            faults: [.crash(1, TimeWindow(from: Time(seconds: 0.025), until: Time(seconds: 0.045)), isTorn: false)],
            story: "return",
            moral: "peer 1 dies and comes back as it was saved at the beginning, with the share that it had then"),
        ProtocolTrace(
            algorithm: "gosgd", topology: "complete", options: ["probability": .number(1)],
            faults: [.join(2, at: Time(seconds: 0.015))], story: "join",
            moral: "peer 2 joins at 15 ms, asks peer 0, and begins with half of its share"),
        ProtocolTrace(
            algorithm: "sgp", topology: "directed-ring",
            faults: [.join(2, at: Time(seconds: 0.008)), .join(1, at: Time(seconds: 0.018))], story: "join", steps: 8,
            moral:
                "peer 2 could only give before peer 1 is there: both come in together, from a round that peer 0 fixes"),
    ]
}
