import Dispatch
import Foundation
import Training

/// Turns Ctrl-C, a request to terminate and SIGUSR1 into a request to stop; the second one ends the process at once.
final class StopSignals {
    /// Launchers of clusters pass SIGUSR1 on and, unlike for SIGTERM, let no clock run until they kill.
    private static let numbers = [SIGINT, SIGTERM, SIGUSR1]
    let request = StopRequest()
    private let sources: [any DispatchSourceSignal]

    init(console: Console) {
        sources = Self.numbers.map { number in
            // Otherwise the signal would end the process before the source hears of it.
            signal(number, SIG_IGN)
            return DispatchSource.makeSignalSource(signal: number, queue: .global())
        }
        for (number, source) in zip(Self.numbers, sources) {
            source.setEventHandler { [request] in
                guard request.request(signal: number) else { _exit(128 + number) }
                console.say("stopping after this step; once more ends at once")
            }
            source.resume()
        }
    }

    deinit {
        for source in sources { source.cancel() }
    }
}
