import Foundation
public import Records

/// The files of figures in a folder.
public enum FigureFiles {
    /// What has been written.
    public struct Written: Sendable, Hashable {
        /// Of the figures; each has a script `NAME.gp`.
        public var names: [String] = []
        /// Scripts that somebody has made his own by taking our mark out; they are kept.
        public var kept: [String] = []
    }

    /// Writes data and scripts of figures. Makes the folder where there is none; replaces earlier files of ours, and
    /// throws before it writes anything when another file is in the way.
    public static func write(_ figures: [Figure], to folder: String) throws(OutputError) -> Written {
        if DurableFiles.kind(of: folder) == .other {
            throw OutputError(folder, "is no folder; choose another --figures")
        }
        for figure in figures { try check(figure, in: folder) }
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw OutputError(folder, "cannot be made; choose another --figures")
        }
        var written = Written()
        for figure in figures {
            let script = "\(folder)/\(figure.name).gp"
            try DurableFiles.writeAtomically(figure.table, to: "\(folder)/\(figure.name).tsv")
            if DurableFiles.kind(of: script) != .nothing, !isOurs(script) {
                written.kept.append(script)
            } else {
                try DurableFiles.writeAtomically(figure.script, to: script)
            }
            written.names.append(figure.name)
        }
        return written
    }

    /// A figure may be written where its data is ours already, or where none of its files is.
    private static func check(_ figure: Figure, in folder: String) throws(OutputError) {
        let path = "\(folder)/\(figure.name)"
        guard !isOurs("\(path).tsv") else { return }
        for end in ["tsv", "gp", "svg", "png"] where DurableFiles.kind(of: "\(path).\(end)") != .nothing {
            throw OutputError(
                "\(path).\(end)", "exists and is none of murmur's; choose another --figures, or remove it")
        }
    }

    private static func isOurs(_ path: String) -> Bool {
        (try? DurableFiles.content(of: path, atMost: 1 << 30))?.starts(with: Figure.mark.utf8) == true
    }
}
