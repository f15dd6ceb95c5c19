import Foundation

/// Follows a run by what it writes into its folder, from its first record to its end. It writes nothing there and takes
/// no lock.
public struct RunFollower {
    /// What has happened to the run.
    public enum News: Sendable, Equatable {
        /// All records so far are void: it begins again, or goes on from a checkpoint.
        case restarted
        /// A whole line of `metrics.jsonl`.
        case line([UInt8])
        /// It is over and left this summary; nil where nobody writes any more and there is none.
        case over(summary: String?)
    }

    /// The folder of the run.
    public let folder: String
    private var tail: RecordTail
    /// Looks in a row at which there was nothing new.
    private var quietLooks = 0
    private var isOver = false
    private let isWritten: @Sendable () -> Bool

    /// Without a writer or a summary a run is over when there was nothing new at so many looks.
    private static let patience = 40

    /// Follows the run in a folder; nil where that is no folder.
    ///
    /// - Parameter isWritten: whether the run goes on, where the caller knows; else the lock of the folder tells.
    public init?(folder: String, isWritten: (@Sendable () -> Bool)? = nil) {
        guard DurableFiles.kind(of: folder) == .folder else { return nil }
        self.folder = folder
        self.isWritten = isWritten ?? { RunLock.isHeld(folder) }
        tail = RecordTail("\(folder)/metrics.jsonl")
    }

    /// What has happened since the last look, block by block; nothing where nothing did. Whoever waits looks a few
    /// times a second.
    public mutating func next() -> [News] {
        if isOver { return [] }
        // Asked before the last lines are read, so that none is missed that was written meanwhile.
        let hasEnded = hasEnded
        let step = tail.next()
        let news = (step.isRestarted ? [.restarted] : []) + step.lines.map { News.line($0) }
        guard news.isEmpty else {
            quietLooks = 0
            return news
        }
        quietLooks += 1
        guard hasEnded else { return [] }
        isOver = true
        return [.over(summary: summary)]
    }

    private var hasEnded: Bool {
        guard quietLooks > 0, !isWritten() else { return false }
        return quietLooks >= Self.patience || DurableFiles.kind(of: "\(folder)/summary.json") == .other
    }

    private var summary: String? {
        (try? DurableFiles.content(of: "\(folder)/summary.json", atMost: 64 << 20)).map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    /// What the run is, as its `config.yaml` says: settings as paths and values; none where that is not there, or no
    /// such file.
    public var settings: [(key: String, value: String)] {
        guard let bytes = try? DurableFiles.content(of: "\(folder)/config.yaml", atMost: 1 << 20) else { return [] }
        return (try? RunSettings.read(String(decoding: bytes, as: UTF8.self))) ?? []
    }
}
