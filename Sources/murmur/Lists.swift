import ArgumentParser
import Configuration
import Experiments
import SimulatedTraining
import Training

/// Prints what can be chosen, one line each or as one JSON object.
func printList(_ name: String, _ descriptions: [Description], asJSON: Bool) throws {
    try reportingFailure {
        try put(
            asJSON ? listJSON(name, descriptions).sorted.text : listText(descriptions), terminator: asJSON ? "\n" : "")
    }
}

/// Prints one of what can be chosen with all about it, or all of it where no name is given.
func printList(_ name: String, _ noun: String, _ descriptions: [Description], of chosen: String?, asJSON: Bool) throws {
    guard let chosen else { return try printList(name, descriptions, asJSON: asJSON) }
    guard let description = descriptions.first(where: { $0.name == chosen }) else {
        throw ValidationError(unknown(noun, chosen, known: descriptions.map(\.name)))
    }
    try reportingFailure {
        try put(
            asJSON ? itemJSON(description).sorted.text : itemText(description), terminator: asJSON ? "\n" : "")
    }
}

/// What it is, and a line for each option: name, default, what it may be, what it means.
private func itemText(_ description: Description) -> String {
    var table = Table(columns: [.left, .left, .left, .left])
    table.rows = description.options.map { [$0.name, $0.defaultValue.written, $0.expectation, $0.meaning] }
    return "\(description.name): \(description.summary)\n" + table.text
}

private func itemJSON(_ description: Description) -> JSON {
    .object([
        ("name", .string(description.name)), ("summary", .string(description.summary)),
        ("options", .array(description.options.map(optionJSON))),
    ])
}

/// A line for each: name, what it is, its options with their defaults.
func listText(_ descriptions: [Description]) -> String {
    var table = Table(columns: [.left, .left, .left])
    table.rows = descriptions.map { description in
        let options = description.options.map { "\($0.name)=\($0.defaultValue.written)" }
        return [description.name, description.summary, options.joined(separator: " ")]
    }
    return table.text
}

func listJSON(_ name: String, _ descriptions: [Description]) -> JSON {
    .object([(name, .array(descriptions.map(itemJSON)))])
}

private func optionJSON(_ option: OptionDescription) -> JSON {
    .object([
        ("name", .string(option.name)), ("default", JSON(option.defaultValue)),
        ("expects", .string(option.expectation)), ("meaning", .string(option.meaning)),
    ])
}

struct ListAlgorithms: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "algorithms", abstract: "List the ways in which peers learn from each other.")
    @Argument(help: "Only this algorithm, with all about its options.") var name: String?
    @Flag(help: "Print one JSON object.") var json = false
    @Flag(help: ArgumentHelp("Print each with the settings of its run in docs/results.", visibility: .hidden))
    var results = false

    func run() throws {
        guard results else {
            return try printList("algorithms", "algorithm", Registries.all.algorithms, of: name, asJSON: json)
        }
        for row in BatteryRow.algorithms { try put(([row.algorithm] + row.results).joined(separator: " ")) }
    }
}

struct ListCompressors: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compressors", abstract: "List the ways in which vectors become fewer bytes on their way.")
    @Argument(help: "Only this compressor, with all about its options.") var name: String?
    @Flag(help: "Print one JSON object.") var json = false

    func run() throws { try printList("compressors", "compressor", Registries.all.compressors, of: name, asJSON: json) }
}

struct ListTopologies: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "topologies", abstract: "List the graphs of who may talk to whom.")
    @Argument(help: "Only this topology, with all about its options.") var name: String?
    @Flag(help: "Print one JSON object.") var json = false

    func run() throws { try printList("topologies", "topology", Registries.all.topologies, of: name, asJSON: json) }
}

struct ListDatasets: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "datasets", abstract: "List the data sets that can be learned from.")
    @Argument(help: "Only this data set, with all about its options.") var name: String?
    @Flag(help: "Print one JSON object.") var json = false

    func run() throws { try printList("datasets", "data set", Registries.all.datasets, of: name, asJSON: json) }
}

struct ListOptimizers: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "optimizers", abstract: "List the rules by which a gradient becomes a step.")
    @Argument(help: "Only this optimizer, with all about its options.") var name: String?
    @Flag(help: "Print one JSON object.") var json = false

    func run() throws { try printList("optimizers", "optimizer", Registries.all.optimizers, of: name, asJSON: json) }
}

struct ListSchedules: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schedules", abstract: "List the ways in which the learning rate changes with time.")
    @Argument(help: "Only this schedule, with all about its options.") var name: String?
    @Flag(help: "Print one JSON object.") var json = false

    func run() throws { try printList("schedules", "schedule", Registries.all.schedules, of: name, asJSON: json) }
}
