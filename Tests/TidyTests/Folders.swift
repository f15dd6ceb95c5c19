/// A folder is read at a glance.
enum Folders {
    /// Files directly within a folder of `Sources`.
    static let limit = 15

    static func check(_ files: [SourceFile]) -> [String] {
        let counts = Dictionary(grouping: files.filter(\.isSource)) { file in
            file.path.split(separator: "/").dropLast().joined(separator: "/")
        }
        return counts.filter { $0.value.count > limit }.map(\.key).sorted().map {
            "\($0) has \(counts[$0]!.count) files, at most \(limit) are allowed; give what belongs together a folder"
        }
    }
}
