import Foundation

/// The experiment file that was named is not there or cannot be read.
public struct MissingExperiment: Error, Sendable, Hashable, CustomStringConvertible {
    /// As it was given.
    private let file: String
    private let code: Int32

    /// - Parameter code: What the system says, as `errno` has it.
    package init(file: String, _ code: Int32) {
        self.file = file
        self.code = code
    }

    public var description: String {
        switch code {
        case ENOENT:
            "\(file): there is no such file; 'murmur train --print-config > experiment.yaml' writes one to start from"
        case EISDIR: "\(file): a folder; name the experiment file in it, which is config.yaml in the folder of a run"
        case EACCES: "\(file): not readable by you; 'ls -l' shows whose file it is"
        default: "\(file): cannot be read (\(String(cString: strerror(code)))); check the name"
        }
    }
}
