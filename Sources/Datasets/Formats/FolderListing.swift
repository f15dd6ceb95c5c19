import Foundation

/// What lies in a folder.
enum FolderListing {
    /// The names of files and folders in a folder, sorted, hidden ones left out; none where there is no such folder.
    static func names(in folder: String) -> [String] {
        let found = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return found.filter { !$0.hasPrefix(".") }.sorted()
    }

    /// The paths of all files below a folder, relative to it, sorted; hidden ones left out. Links to folders are
    /// followed, so deep that a circle ends.
    static func files(below folder: String, depth: Int = 8) -> [String] {
        names(in: folder).flatMap { name -> [String] in
            guard WholeFile.isDirectory("\(folder)/\(name)") else { return [name] }
            return depth > 0 ? files(below: "\(folder)/\(name)", depth: depth - 1).map { "\(name)/\($0)" } : []
        }
    }
}
