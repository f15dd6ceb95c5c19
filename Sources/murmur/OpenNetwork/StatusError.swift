import Records

/// The record of a peer's links that is not there, or cannot be read.
struct StatusError: Error, CustomStringConvertible {
    let folder: String
    let isMissing: Bool

    var description: String {
        let file = "\(folder)/\(StatusRecord.fileName)"
        return isMissing
            ? "\(file): is not there; name the folder of a run on an open network (transport.name=tls)"
            : "\(file): is no record of a peer's links; see that the run is of this version of murmur"
    }
}
