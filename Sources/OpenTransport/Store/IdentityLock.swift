import Glibc

/// The right to be the peer of a store, for as long as the value lives: two processes with one key would be one peer.
final class IdentityLock: Sendable {
    private let descriptor: Int32

    /// Nil where another process has the right. Throws where the folder cannot be written.
    init?(_ store: IdentityStore) throws(IdentityError) {
        let path = Self.path(store)
        try SecretFile.makeFolder(store.folder)
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SecretFile.unwritable(path, errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            return nil
        }
    }

    deinit { close(descriptor) }

    /// Whether a process has the right at this moment. Makes no file.
    static func isHeld(_ store: IdentityStore) -> Bool {
        let descriptor = open(path(store), O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return flock(descriptor, LOCK_SH | LOCK_NB) != 0
    }

    private static func path(_ store: IdentityStore) -> String { "\(store.folder)/lock" }
}
