/// What several runs are called beside each other: by the settings in which they differ, and by their folders where
/// those do not tell them apart.
struct RunLabels {
    /// As many settings as a legend has room for.
    private static let settingLimit = 4
    private static let valueLength = 40

    /// A label for each run, no two the same.
    static func labels(of runs: [RunRecords]) -> [String] {
        let names = names(of: runs)
        let differing = differing(runs)
        guard runs.count > 1, !differing.isEmpty else { return names }
        let texts = runs.map { run in text(of: run, differing) }
        let counts = Dictionary(texts.map { ($0, 1) }, uniquingKeysWith: +)
        return zip(texts, names).map { text, name in
            text.isEmpty ? name : counts[text] == 1 ? text : "\(text) (\(name))"
        }
    }

    /// The keys in which runs differ: those that tell of all runs, unless there are none; what says most first.
    private static func differing(_ runs: [RunRecords]) -> [String] {
        let settings = runs.map { Dictionary($0.settings.map { ($0.key, $0.value) }) { first, _ in first } }
        var keys: [String] = []
        var seen: Set<String> = []
        for setting in runs.flatMap(\.settings) where seen.insert(setting.key).inserted { keys.append(setting.key) }
        let differing = keys.filter { key in Set(settings.map { $0[key] }).count > 1 }
        let common = differing.filter { key in settings.allSatisfy { $0[key] != nil } }
        // A name is made up where nothing else is another.
        let telling =
            [common.filter { $0 != "name" }, differing.filter { $0 != "name" }, differing]
            .first { !$0.isEmpty } ?? []
        let ranks = telling.enumerated().map { place, key in
            (rank: first.firstIndex(where: key.hasPrefix) ?? first.count, place: place, key: key)
        }
        return ranks.sorted { ($0.rank, $0.place) < ($1.rank, $1.place) }.prefix(settingLimit).map(\.key)
    }

    /// How the keys begin that say most of a run, the first one most.
    private static let first = ["algorithm.", "topology.", "model.", "peers", "seed", "partition.", "optimizer."]

    private static func text(of run: RunRecords, _ keys: [String]) -> String {
        let lasts = keys.map(last)
        return zip(keys, lasts).compactMap { key, last -> String? in
            guard let value = run.setting(key) else { return nil }
            let shown = value.count > valueLength ? value.prefix(valueLength) + "…" : value[...]
            // A name says by itself what it names.
            if last == "name" { return String(shown) }
            return "\(lasts.count { $0 == last } > 1 ? key : last)=\(shown)"
        }.joined(separator: ", ")
    }

    private static func last(_ key: String) -> String { key.split(separator: ".").last.map(String.init) ?? key }

    /// As much of the end of each run's path as no other has, then a number.
    static func names(of runs: [RunRecords]) -> [String] {
        let paths = runs.map { RunRecords.components($0.home) }
        var taken: Set<String> = []
        return zip(runs, paths).map { run, path in
            let candidates = (1...max(1, path.count)).map { path.suffix($0).joined(separator: "/") }
            let isUnique = { (label: String) in
                paths.count { ("/" + $0.joined(separator: "/")).hasSuffix("/" + label) } <= 1
            }
            let shortest = path.isEmpty ? run.path : candidates[0]
            var name = path.isEmpty ? shortest : candidates.first(where: isUnique) ?? shortest
            var number = 2
            while !taken.insert(name).inserted {
                name = "\(shortest) (\(number))"
                number += 1
            }
            return name
        }
    }
}
