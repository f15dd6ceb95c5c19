import OpenTransport

/// What members of an open network tell each other of members: records, lists, requests, revocations.
struct MemberFormat: FileFormat {
    static let name = "member"
    static let mostBytes = 2048
    static let kind = Mutator.Kind.bytes

    init(in folder: String) {}

    func read(_ bytes: [UInt8]) throws {
        guard let again = try MemberReader.read(bytes) else { return }
        precondition(bytes.first.map { $0 == 0 || $0 > 5 } == true, "a form of SYNC was read as a record")
        precondition(again.dropFirst() == bytes.dropFirst(), "a record is not what it was")
    }
}
