/// Code that the compiler cannot check stays in few places, and says why it holds.
enum UnsafeCode {
    /// Where memory is handled by hand: the vectors, the kernels over them, and what calls C. MPI reads and writes
    /// numbers where they lie, long after the call, so no span can be lent to it. A thread is handed a pointer. Objects
    /// of OpenSSL are pointers that are freed by hand. Another program's parameters lie where it has them.
    static let homes = [
        "Sources/Vectors/", "Sources/Compute/", "Sources/MPITransport/MPI.swift",
        "Sources/Threads/SystemThread.swift", "Sources/Compression/Kernels.swift",
        "Sources/Compression/Kernels+Matrices.swift", "Sources/OpenTransport/OpenSSL/",
        "Sources/Bridge/Interface/", "Sources/Bridge/Memory/", "Sources/Bridge/Simulation/",
        "Sources/Bridge/Algorithms/",
    ]

    /// Declarations that silence the compiler, and so owe the reader a reason.
    static let silencers = ["@unchecked Sendable", "nonisolated(unsafe)"]

    static func check(_ file: SourceFile) -> [Complaint] {
        guard file.isSwift, file.isSource else { return [] }
        let code = Code(file)
        return strays(file, code) + unexplained(file, code)
    }

    private static func strays(_ file: SourceFile, _ code: Code) -> [Complaint] {
        guard !file.lies(in: homes) else { return [] }
        return unsafeWords(in: code).map { word, place in
            file.complaint(
                line: code.line(at: place),
                "`\(word)` outside \(homes.joined(separator: ", ")); use spans, FlatVector or a value type")
        }
    }

    private static func unexplained(_ file: SourceFile, _ code: Code) -> [Complaint] {
        let lines = file.lines
        return silencers.flatMap { silencer in
            code.places(of: silencer).compactMap { place in
                let line = code.line(at: place)
                // An attribute may stand between the comment and the declaration.
                let above = lines[..<(line - 1)].last { !$0.drop { $0 == " " }.hasPrefix("@") } ?? ""
                if above.contains("//") || lines[line - 1].contains("//") { return nil }
                return file.complaint(
                    line: line, "`\(silencer)` without a comment above it; say why it holds")
            }
        }
    }

    /// Names such as `UnsafePointer`, `withUnsafeBytes` and `Unmanaged`, and the silencers.
    static func unsafeWords(in code: Code) -> [(word: String, place: Int)] {
        var found = silencers.flatMap { word in code.places(of: word).map { (word: word, place: $0) } }
        var index = 0
        while index < code.bytes.count {
            guard code.bytes[index].isNamePart else {
                index += 1
                continue
            }
            let word = code.bytes[index...].prefix { $0.isNamePart }
            let text = String(decoding: word, as: UTF8.self)
            let isUnsafe = ["Unsafe", "withUnsafe", "unsafeBitCast", "unsafeDowncast", "assumingMemoryBound"]
            if isUnsafe.contains(where: text.hasPrefix) || text == "Unmanaged" || text == "OpaquePointer" {
                found.append((text, index))
            }
            index = word.endIndex
        }
        return found.sorted { $0.place < $1.place }
    }
}
