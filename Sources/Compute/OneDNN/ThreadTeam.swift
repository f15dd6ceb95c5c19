internal import COneDNN

/// The size of the OpenMP team that oneDNN and our kernels open for the calling thread.
enum ThreadTeam {
    /// Sets the size for what the calling thread makes or runs from now on. Every entry of an executable calls it,
    /// since the setting belongs to the thread and not to the executable.
    static func use(_ threads: Int) {
        conednn_set_thread_count(Int32(threads))
    }
}
