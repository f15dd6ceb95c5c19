import Foundation
import Records
import Synchronization
import Threads
import Training

/// Turns Ctrl-C, a request to terminate, the end of the terminal and SIGUSR1 into a request to stop; the second one
/// ends the process at once. A signal that whoever started the process had it ignore, as `nohup` and a shell's `&` do,
/// stays ignored.
final class StopSignals {
    /// Launchers of clusters pass SIGUSR1 on and, unlike for SIGTERM, let no clock run until they kill.
    private static let numbers = [SIGINT, SIGTERM, SIGHUP, SIGUSR1]
    let request = StopRequest()
    private let heard: [Int32]

    /// Where the handler writes the signals that come: all that it may do.
    private static let inlet = Atomic<Int32>(-1)

    /// Begins to listen, on a thread that is made now: later there may be none to be had. Throws where there is none.
    init(console: Console) throws {
        heard = Self.numbers.filter { !Self.ignored.contains($0) }
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else {
            throw OutputError("signals", "cannot be listened to: \(String(cString: strerror(errno)))")
        }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        Self.inlet.store(ends[1], ordering: .sequentiallyConsistent)
        try SystemThread.start("signals") { [outlet = ends[0], request, heard] in
            // Whoever started the process may have had it block them.
            var set = sigset_t()
            sigemptyset(&set)
            for number in heard { sigaddset(&set, number) }
            pthread_sigmask(SIG_UNBLOCK, &set, nil)
            while let number = Self.next(outlet) {
                guard request.request(signal: number) else { _exit(128 + number) }
                console.say("stopping after this step; once more ends at once")
            }
        }
        for number in heard {
            signal(number) { number in
                let code = errno
                var byte = UInt8(truncatingIfNeeded: number)
                write(StopSignals.inlet.load(ordering: .sequentiallyConsistent), &byte, 1)
                errno = code
            }
        }
    }

    /// From now on the process is deaf: what has ended need not be asked to end.
    deinit {
        for number in heard { signal(number, SIG_IGN) }
    }

    /// The next signal, waited for; nil when there will be none.
    private static func next(_ outlet: Int32) -> Int32? {
        var byte: UInt8 = 0
        while true {
            let count = read(outlet, &byte, 1)
            if count == 1 { return Int32(byte) }
            guard count < 0, errno == EINTR else { return nil }
        }
    }

    /// The signals that this process ignored when it began, by the mask that the system shows.
    private static let ignored: Set<Int32> = {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("SigIgn:") }
        let mask = line.flatMap { UInt64($0.dropFirst(7).trimmingPrefix(while: \.isWhitespace), radix: 16) } ?? 0
        return Set(numbers.filter { mask >> UInt64($0 - 1) & 1 == 1 })
    }()
}
