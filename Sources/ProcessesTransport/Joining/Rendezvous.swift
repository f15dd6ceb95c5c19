import Glibc
import Synchronization

/// The folder in which the ranks of a run meet, as one of them uses it: its own name in it, as long as the value lives.
final class Rendezvous: Sendable {
    private let place: ProcessPlace
    /// The file whose lock says that this rank has come; nil when it has gone.
    private let lock: Mutex<Int32?>

    /// Makes the folder where there is none. Throws where others than this user may enter it, or another process is
    /// this rank.
    init(_ place: ProcessPlace) throws(ProcessesError) {
        self.place = place
        let folder = place.folder
        if mkdir(folder, 0o700) != 0, errno != EEXIST {
            throw .folder(
                folder, problem: "it cannot be made (\(Self.reason(errno)))",
                remedy: "name another folder by MURMUR_RENDEZVOUS, or make the one above it")
        }
        try Self.check(folder)
        let lock = open("\(folder)/\(Self.name(place.rank)).lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0 else {
            throw .folder(
                folder, problem: "nothing can be written there (\(Self.reason(errno)))",
                remedy: "name another folder by MURMUR_RENDEZVOUS")
        }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            close(lock)
            throw .taken(rank: place.rank, folder: folder)
        }
        self.lock = Mutex(lock)
    }

    deinit { release() }

    /// Another process, or this one once more, may be this rank.
    func release() {
        if let lock = lock.withLock({ $0.take() }) { close(lock) }
    }

    private static func check(_ folder: String) throws(ProcessesError) {
        var status = stat()
        let isThere = stat(folder, &status) == 0
        guard isThere, status.st_mode & S_IFMT == S_IFDIR else {
            throw .folder(
                folder, problem: isThere ? "it is no folder" : reason(errno),
                remedy: "name a folder by MURMUR_RENDEZVOUS")
        }
        guard status.st_uid == geteuid(), status.st_mode & 0o077 == 0 else {
            throw .folder(
                folder, problem: "others than this user may enter it",
                remedy: "run chmod 700 \(folder), or name a folder by MURMUR_RENDEZVOUS that does not exist yet")
        }
    }

    /// Begins to listen under this rank's name. What lies there is of an earlier run, since nobody else is this rank.
    func listen() throws(ProcessesError) -> LocalSocket {
        leave()
        do throws(LocalSocket.Failure) {
            return try LocalSocket.listening(in: place.folder, name: Self.name(place.rank))
        } catch {
            throw .folder(
                place.folder, problem: "no socket can be made there (\(error.reason))",
                remedy: "name a folder of a local disk by MURMUR_RENDEZVOUS, and allow enough files (ulimit -n)")
        }
    }

    /// Connects to another rank; nil where it is not there yet.
    func dial(_ rank: Int) throws(ProcessesError) -> LocalSocket? {
        do throws(LocalSocket.Failure) {
            return try LocalSocket.dialing(in: place.folder, name: Self.name(rank))
        } catch {
            guard error.isAbsence else { throw .system("socket", reason: error.reason) }
            return nil
        }
    }

    /// Nobody finds this rank any more.
    func leave() { unlink("\(place.folder)/\(Self.name(place.rank))") }

    private static func name(_ rank: Int) -> String { "rank-\(rank).sock" }

    private static func reason(_ code: Int32) -> String {
        strerror(code).map { String(cString: $0) } ?? "error \(code)"
    }
}
