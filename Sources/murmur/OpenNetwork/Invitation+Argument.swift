import Foundation
import OpenTransport

extension Invitation {
    /// The invitation that an argument is, or that the file holds which it names.
    init(argument: String) throws {
        guard !argument.hasPrefix("murmur:") else {
            try self.init(argument)
            return
        }
        // No invitation has more than some thousand letters.
        guard let file = FileHandle(forReadingAtPath: argument), let data = try? file.read(upToCount: 10_000) else {
            throw IdentityError(
                .missing, "invitation", "is neither a line that begins with murmur: nor a file that can be read",
                remedy: "take the whole line that `murmur group invite` printed")
        }
        try self.init(String(decoding: data, as: UTF8.self))
    }
}
