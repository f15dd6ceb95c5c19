import Configuration
import Reports
import Runtime
import Training

extension RankPingPong {
    /// What was measured between two ranks.
    struct Figures {
        struct Row {
            let byteCount: Int
            /// Gigabytes a second, the median of the pairs.
            let ours: Double
            /// The same of the baseline, where there is one, and the median of the pairs' ratios.
            let plain: (speed: Double, ratio: Double)?
        }
        var rows: [Row] = []
        /// One way through node, session and transport: half the median time there and back.
        var noteSeconds = 0.0
        /// There and back of a control message, when both ranks have been quiet for 5 ms.
        var wakingSeconds = 0.0
        /// What the process takes of a core while nothing happens.
        var idleShare = 0.0

        func json(_ name: String, _ ranks: any ProcessNetwork) -> JSON {
            let rows = rows.map { row in
                JSON.object([
                    ("bytes", .integer(row.byteCount)), ("gb_per_s", .number(row.ours)),
                    ("plain_gb_per_s", row.plain.map { .number($0.speed) } ?? .null),
                    ("ratio", row.plain.map { .number($0.ratio) } ?? .null),
                ])
            }
            return .object([
                ("transport", .string(name)), ("library", .string(ranks.carrier)),
                ("note_us", .number(noteSeconds * 1e6)), ("payloads", .array(rows)),
                ("idle_share", .number(idleShare)), ("waking_us", .number(wakingSeconds * 1e6)),
            ])
        }

        func text(_ ranks: any ProcessNetwork) -> String {
            var lines = [ranks.carrier]
            for row in rows {
                let plain = row.plain.map { plain in
                    ", \(ranks.baseline?.name ?? "") \(decimal(plain.speed, 2)) GB/s (ratio \(decimal(plain.ratio, 3)))"
                }
                lines.append("\(bytes(row.byteCount)): \(decimal(row.ours, 2)) GB/s" + (plain ?? ""))
            }
            lines.append("a note through the node: \(decimal(noteSeconds * 1e6, 1)) us one way")
            lines.append(
                "there and back after 5 ms of quiet: \(decimal(wakingSeconds * 1e6, 0)) us; idle, a rank takes "
                    + "\(decimal(idleShare * 100, 2)) % of a core")
            return lines.joined(separator: "\n")
        }
    }
}
