import Foundation
import Records
import Reports

/// Where a watched run is shown: a block of lines that is drawn over itself on a terminal, plain lines elsewhere.
final class WatchScreen {
    private let isTerminal = isatty(STDOUT_FILENO) == 1
    /// Lines that stand there now.
    private var drawn = 0
    private var lastSaid = -Double.infinity
    private var lastBlock: [String] = []

    /// Says what has happened; on a terminal the block shows it already.
    func say(_ line: String?) throws {
        if let line, !isTerminal { try put(line) }
    }

    /// Shows how things stand: on a terminal again and again, elsewhere each ten seconds of training.
    func draw(_ run: WatchedRun) throws {
        guard isTerminal else {
            guard let pulse = run.pulse, pulse.time >= lastSaid + 10, let progress = run.progress else { return }
            lastSaid = pulse.time
            return try put(progress.text(columns: nil))
        }
        let (columns, rows) = Self.size
        let block = WatchTable.lines(run, columns: columns, rows: rows - 2)
        guard block != lastBlock else { return }
        lastBlock = block
        let up = drawn > 0 ? "\u{1B}[\(drawn)A\u{1B}[J" : ""
        drawn = block.count
        try put(up + block.joined(separator: "\n"))
    }

    /// The width and height of the terminal.
    private static var size: (columns: Int, rows: Int) {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
            return (80, 24)
        }
        return (Int(size.ws_col), Int(size.ws_row))
    }
}
