import ArgumentParser

/// The command: deep learning without a parameter server.
@main
struct Murmur: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "murmur",
        subcommands: [
            DataCommand.self
        ])
}
