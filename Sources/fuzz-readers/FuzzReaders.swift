import Configuration
import Datasets
import Foundation
import Reports
import Safetensors
import Training

/// Reads changed files of every format that the command reads, each format in a process of its own, whose crash or
/// silence is counted. The same seed tries the same files.
@main
struct FuzzReaders {
    static func main() throws {
        var words = Array(CommandLine.arguments.dropFirst())
        if words.first == "--worker", words.count == 6, let seed = UInt64(words[2]), let first = Int(words[3]),
            let end = Int(words[4])
        {
            try Worker.run(words[1], seed: seed, first..<end, in: words[5])
            return
        }
        var options = ["--count": 200, "--seed": 1, "--first": 0, "--silence": 5]
        while let word = words.first(where: { options[$0] != nil }), let place = words.firstIndex(of: word) {
            guard place + 1 < words.count, let value = Int(words[place + 1]), value >= 0 else { return try usage() }
            options[word] = value
            words.removeSubrange(place...(place + 1))
        }
        let known = FuzzFormats.all.map { $0.name }
        guard words.allSatisfy(known.contains) else { return try usage() }
        var isWell = true
        for format in words.isEmpty ? known : words {
            var trial = Trial(
                format: format, seed: options["--seed"] ?? 1, silenceSeconds: options["--silence"] ?? 5)
            let first = options["--first"] ?? 0
            try trial.run(first..<(first + (options["--count"] ?? 0)))
            say(trial.text)
            isWell = isWell && trial.isWell
        }
        if !isWell { exit(1) }
    }

    private static func usage() throws {
        say(
            "usage: fuzz-readers [FORMAT ...] [--count N] [--seed N] [--first N] [--silence SECONDS]\nformats: "
                + FuzzFormats.all.map { $0.name }.joined(separator: " "))
        exit(64)
    }

    static func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
}
