import ArgumentParser
import Configuration
import Records

/// `murmur peers RUN`: who is there, as the peer of a run on an open network sees it.
struct PeersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "peers", abstract: "Say whom the peer of a run on an open network knows, and its links.",
        discussion: "Reads the file status.json in the run's folder, which is written every five seconds.")
    @Argument(help: "The folder of the run.", completion: .directory) var folder: String
    @Flag(help: "Print one JSON object.") var json = false

    func run() throws {
        try reportingFailure {
            guard let text = StatusRecord.text(inRun: folder) else {
                throw StatusError(folder: folder, isMissing: true)
            }
            let status: StatusRecord
            do {
                status = try StatusRecord(text: text)
            } catch {
                throw StatusError(folder: folder, isMissing: false)
            }
            try put(json ? status.json.text + "\n" : Self.text(status), terminator: "")
        }
    }

    private static func text(_ status: StatusRecord) -> String {
        var facts = Table(columns: [.left, .left])
        let reach = status.isReachable.map { $0 ? ", reachable from outside" : ", not reachable from outside" } ?? ""
        let address = status.addresses.isEmpty ? "listens nowhere" : status.addresses.joined(separator: ", ") + reach
        facts.rows = [
            ["group", status.group], ["peer", status.peer], ["address", address],
            ["steps", "\(status.steps) of \(status.stepsTotal), \(decimal(status.samplesPerSecond, 0)) samples/s"],
            [
                "links",
                "\(status.links.count), sent \(bytes(status.bytesSent)), received \(bytes(status.bytesReceived))",
            ],
        ]
        if let mass = status.mass { facts.rows.append(["weight", decimal(mass, 6)]) }
        var members = Table(columns: [.left, .left, .left, .right, .right])
        members.rows = [["member", "standing", "link", "sent", "received"]]
        for member in status.members.sorted(by: { $0.peer < $1.peer }) {
            let link = status.links.first { $0.peer == member.peer }
            let way = link.map { "\($0.isDialed ? "to" : "from") \($0.address)" }
            let place = member.peer == status.peer ? "this peer" : way ?? member.addresses.first ?? "-"
            members.rows.append([
                member.peer, member.standing, place, link.map { bytes($0.bytesSent) } ?? "-",
                link.map { bytes($0.bytesReceived) } ?? "-",
            ])
        }
        return facts.text + "\n" + members.text
    }
}
