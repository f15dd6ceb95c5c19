public import Configuration
import Foundation

/// The form of `status.json`.
extension StatusRecord {
    /// One object, its keys sorted.
    public var json: JSON {
        JSON.object([
            ("accuracy", accuracy.map(JSON.number) ?? .null), ("addresses", .array(addresses.map(JSON.string))),
            ("bytes_received", .integer(bytesReceived)), ("bytes_sent", .integer(bytesSent)),
            ("group", .string(group)), ("links", .array(links.map(\.json))),
            ("loss", loss.map(JSON.number) ?? .null), ("members", .array(members.map(\.json))),
            ("messages_received", .integer(messagesReceived)), ("messages_sent", .integer(messagesSent)),
            ("peer", .string(peer)), ("reachable", isReachable.map(JSON.boolean) ?? .null),
            ("samples_per_second", .number(samplesPerSecond)), ("seconds", .number(seconds)),
            ("steps", .integer(steps)), ("steps_total", .integer(stepsTotal)),
            ("weight", mass.map(JSON.number) ?? .null),
        ]).sorted
    }

    /// What stands in the folder of a run, whole or not; nil where there is no such file.
    public static func text(inRun folder: String) -> String? {
        (try? DurableFiles.content(of: "\(folder)/\(fileName)", atMost: 16 << 20)).map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    /// The record that a text is. Throws where it is none.
    public init(text: String) throws { try self.init(JSON(parsing: text.utf8)) }

    /// Reads what `json` wrote. Throws for what is missing, or of another type.
    private init(_ json: JSON) throws(MetricsError) {
        self.init(group: try json.string("group"), peer: try json.string("peer"))
        addresses = try json.texts("addresses")
        if case .boolean(let flag)? = json["reachable"] { isReachable = flag }
        members = try json.items("members", Member.init)
        links = try json.items("links", Link.init)
        (bytesSent, bytesReceived) = (try json.integer("bytes_sent"), try json.integer("bytes_received"))
        messagesSent = try json.integer("messages_sent")
        messagesReceived = try json.integer("messages_received")
        (steps, stepsTotal) = (try json.integer("steps"), try json.integer("steps_total"))
        (seconds, samplesPerSecond) = (try json.number("seconds"), try json.number("samples_per_second"))
        (loss, accuracy, mass) = (json["loss"]?.asNumber, json["accuracy"]?.asNumber, json["weight"]?.asNumber)
    }
}

extension StatusRecord.Member {
    fileprivate var json: JSON {
        .object([
            ("addresses", .array(addresses.map(JSON.string))), ("peer", .string(peer)),
            ("standing", .string(standing)),
        ])
    }

    fileprivate init(_ json: JSON) throws(MetricsError) {
        self.init(
            peer: try json.string("peer"), standing: try json.string("standing"), addresses: try json.texts("addresses")
        )
    }
}

extension StatusRecord.Link {
    fileprivate var json: JSON {
        .object([
            ("address", .string(address)), ("bytes_received", .integer(bytesReceived)),
            ("bytes_sent", .integer(bytesSent)), ("dialed", .boolean(isDialed)), ("peer", .string(peer)),
            ("place", .integer(place)), ("seconds", .number(seconds)),
        ])
    }

    fileprivate init(_ json: JSON) throws(MetricsError) {
        guard case .boolean(let isDialed)? = json["dialed"] else { throw .type(of: "dialed") }
        self.init(
            place: try json.integer("place"), peer: try json.string("peer"), address: try json.string("address"),
            isDialed: isDialed, seconds: try json.number("seconds"), bytesSent: try json.integer("bytes_sent"),
            bytesReceived: try json.integer("bytes_received"))
    }
}

extension JSON {
    fileprivate func texts(_ key: String) throws(MetricsError) -> [String] {
        try items(key) { item throws(MetricsError) in
            guard case .string(let text) = item else { throw .type(of: key) }
            return text
        }
    }

    fileprivate func items<Item>(
        _ key: String, _ read: (JSON) throws(MetricsError) -> Item
    ) throws(MetricsError) -> [Item] {
        guard case .array(let values)? = self[key] else { throw .type(of: key) }
        var items: [Item] = []
        for value in values { items.append(try read(value)) }
        return items
    }
}
