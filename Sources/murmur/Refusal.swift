import ArgumentParser
import Foundation

/// Says one sentence on stderr and ends the command with that exit code.
func refuse(_ code: Int32, _ sentence: String) throws -> Never {
    FileHandle.standardError.write(Data("murmur: \(sentence)\n".utf8))
    throw ExitCode(code)
}
