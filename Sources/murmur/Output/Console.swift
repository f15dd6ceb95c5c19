import Foundation
import Synchronization

/// The one owner of stderr: messages, and the progress line that they must not tear.
final class Console: Sendable {
    private let isQuiet: Bool
    private let saysFailures: Bool
    private let isTerminal: Bool
    private let state = Mutex(State())

    private struct State {
        var hasLine = false
        var lastDrawn: ContinuousClock.Instant?
    }

    /// - Parameter saysFailures: False where another process says them.
    init(isQuiet: Bool, saysFailures: Bool = true) {
        self.isQuiet = isQuiet
        self.saysFailures = saysFailures
        isTerminal = isatty(STDERR_FILENO) == 1
    }

    /// Shows how far things are, as often as fits the place: ten times a second on a terminal, else a line every ten
    /// seconds. May be called as often as one likes.
    func show(_ progress: @autoclosure () -> ProgressLine) {
        guard !isQuiet else { return }
        let now = ContinuousClock.now
        state.withLock { state in
            let pause: Duration = isTerminal ? .milliseconds(100) : .seconds(10)
            // In a file the first line comes after the first pause, too: the last one is always shown.
            guard let last = state.lastDrawn ?? (isTerminal ? now - pause : nil) else {
                state.lastDrawn = now
                return
            }
            guard now - last >= pause else { return }
            state.lastDrawn = now
            draw(progress(), &state)
        }
    }

    /// Shows the last state of things and leaves it standing.
    func finish(_ progress: ProgressLine) {
        guard !isQuiet else { return }
        state.withLock { state in
            draw(progress, &state)
            if isTerminal { write("\n") }
            state.hasLine = false
        }
    }

    /// Says something beside the progress; nothing when quiet.
    func say(_ sentence: String) {
        if !isQuiet { put(sentence) }
    }

    /// Says what went wrong, quiet or not.
    func fail(_ sentence: String) {
        if saysFailures { put("murmur: \(sentence)") }
    }

    private func put(_ sentence: String) {
        state.withLock { state in
            write((state.hasLine ? "\r\u{1B}[K" : "") + sentence + "\n")
            state.hasLine = false
        }
    }

    private func draw(_ progress: ProgressLine, _ state: inout State) {
        guard isTerminal else { return write(progress.text(columns: nil) + "\n") }
        write("\r" + progress.text(columns: Self.columns) + "\u{1B}[K")
        state.hasLine = true
    }

    private func write(_ text: String) {
        // There is nobody to tell when stderr itself fails.
        try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
    }

    /// The width of the terminal.
    private static var columns: Int {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }
}
