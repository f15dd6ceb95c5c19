import Foundation

extension RunLock {
    /// Whether a process of this machine has the lock of a folder, as the system's table of locks shows: without trying
    /// to take it, which would get in the way of one that does.
    static func isHeld(_ folder: String) -> Bool {
        var status = stat()
        guard stat(folder, &status) == 0 else { return false }
        let table = (try? String(contentsOfFile: "/proc/locks", encoding: .utf8)) ?? ""
        return table.split(separator: "\n").contains { line in
            let words = line.split(separator: " ")
            guard words.count > 5, words[1] == "FLOCK", words[3] == "WRITE" else { return false }
            // Major and minor number of the device, in hexadecimal, and the number of the file.
            return words[5].split(separator: ":").last == "\(status.st_ino)"
        }
    }
}
