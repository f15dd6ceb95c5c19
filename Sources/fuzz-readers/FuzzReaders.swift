import Foundation

/// Reads changed files of every format that the command reads. By itself it makes changes by the chance of a seed, and
/// each format gets a process of its own, whose crash or silence is counted; the same seed tries the same files. With
/// the name of a format of one file in the environment (`MURMUR_FUZZ`) it is libFuzzer's, and takes its options.
@main
struct FuzzReaders {
    static func main() throws {
        var words = Array(CommandLine.arguments.dropFirst())
        if let name = ProcessInfo.processInfo.environment["MURMUR_FUZZ"] {
            guard let format = FuzzFormats.files.first(where: { $0.name == name }) else { return usage() }
            exit(try LibFuzzer.run(format))
        }
        if words == ["--list"] { return FuzzFormats.names.forEach(say) }
        if words.first == "--worker", words.count == 7, let seed = UInt64(words[2]), let first = Int(words[3]),
            let end = Int(words[4])
        {
            return try Worker.run(words[1], seed: seed, first..<end, in: words[5], corpora: words[6])
        }
        var options = ["--count": 200, "--seed": 1, "--first": 0, "--silence": 5]
        while let word = words.first(where: { options[$0] != nil }), let place = words.firstIndex(of: word) {
            guard place + 1 < words.count, let value = Int(words[place + 1]), value >= 0 else { return usage() }
            options[word] = value
            words.removeSubrange(place...(place + 1))
        }
        guard let place = words.firstIndex(of: "--corpora"), place + 1 < words.count else { return usage() }
        let corpora = words[place + 1]
        words.removeSubrange(place...(place + 1))
        guard words.allSatisfy(FuzzFormats.names.contains) else { return usage() }
        var isWell = true
        for format in words.isEmpty ? FuzzFormats.names : words {
            var trial = Trial(
                format: format, corpora: corpora, seed: options["--seed"] ?? 1,
                silenceSeconds: options["--silence"] ?? 5)
            let first = options["--first"] ?? 0
            try trial.run(first..<(first + (options["--count"] ?? 0)))
            say(trial.text)
            isWell = isWell && trial.isWell
        }
        if !isWell { exit(1) }
    }

    private static func usage() {
        say(
            """
            usage: fuzz-readers [FORMAT ...] --corpora FOLDER [--count N] [--seed N] [--first N] [--silence SECONDS]
                   MURMUR_FUZZ=FORMAT fuzz-readers [libFuzzer's options] [FOLDER ...]
            formats: \(FuzzFormats.names.joined(separator: " "))
            """)
        exit(64)
    }

    static func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
}
