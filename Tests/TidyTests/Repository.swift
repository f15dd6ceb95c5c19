import Foundation

/// The files of this repository as a fresh clone would hold them: no builds, no runs, no logs, and of the hidden
/// folders only `.ci`. What readers are fuzzed with is no text, whatever it looks like.
struct Repository {
    let root: URL

    /// The repository that this test belongs to.
    static let here = Repository(
        root: URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent())

    /// Every text file, sorted by path; files that are not text are left out.
    func files() throws -> [SourceFile] {
        try paths(in: "").compactMap { path in
            let data = try Data(contentsOf: root.appending(path: path))
            guard !data.contains(0), let text = String(data: data, encoding: .utf8) else { return nil }
            return SourceFile(path: path, text: text)
        }
    }

    func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    func isExecutable(_ path: String) -> Bool {
        FileManager.default.isExecutableFile(atPath: root.appending(path: path).path)
    }

    /// Names directly within a folder, sorted.
    func names(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: root.appending(path: folder).path).sorted()
    }

    private func paths(in folder: String) throws -> [String] {
        try names(in: folder).flatMap { name -> [String] in
            let path = folder.isEmpty ? name : "\(folder)/\(name)"
            let values = try root.appending(path: path).resourceValues(forKeys: [.isDirectoryKey])
            if values.isDirectory == true {
                let isHidden = name.hasPrefix(".") && path != ".ci"
                let isLeftOut = isHidden || path == "runs" || path == "Tests/FuzzTests/Corpus"
                return isLeftOut ? [] : try paths(in: path)
            }
            return name == "Package.resolved" || name == ".git" || name.hasSuffix(".log") ? [] : [path]
        }
    }
}
