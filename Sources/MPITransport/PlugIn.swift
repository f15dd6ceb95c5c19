import Glibc
import Runtime

/// Where the MPI plug-in lies.
struct PlugIn: Sendable, Hashable {
    let path: String

    static let variable = "MURMUR_MPI_PLUGIN"
    static let flavours = ["openmpi", "mpich", "other"]

    /// The plug-in of this process: the file that the environment names; else the one for its launcher, in a folder
    /// `mpi` beside or above the program, or in `lib/murmur` beside the program's `bin`.
    static func find() throws(MPIError) -> PlugIn {
        let room = Int(PATH_MAX)
        var name = [CChar](repeating: 0, count: room)
        let count = readlink("/proc/self/exe", &name, room)
        let program = String(decoding: name.prefix(max(count, 0)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return try find(program: program, environment: ProcessEnvironment.settings) { access($0, F_OK) == 0 }
    }

    /// What it is for: the flavour, and the library's name and version. Opens it, and begins nothing.
    func library() throws(MPIError) -> (flavour: String, name: String) {
        let mpi = try MPI(self)
        return (mpi.flavour, mpi.library)
    }

    static func find(
        program: String, environment: [String: String], exists: (String) -> Bool
    ) throws(MPIError) -> PlugIn {
        if let named = environment[variable], !named.isEmpty {
            guard exists(named) else {
                throw .unusable(path: named, problem: "\(variable) names it, and there is no such file")
            }
            // A name alone would be looked for among the system's libraries.
            return PlugIn(path: named.contains("/") ? named : "./\(named)")
        }
        let folders = folders(program: program)
        var found: [(flavour: String, path: String)] = []
        for flavour in flavours {
            let paths = folders.map { "\($0)/murmur_mpi-\(flavour).so" }
            if let path = paths.first(where: exists) { found.append((flavour, path)) }
        }
        guard let first = found.first else { throw .noPlugIn(folders: folders) }
        guard let launcher = Launcher(environment: environment), let wanted = launcher.flavour else {
            return PlugIn(path: first.path)
        }
        // A plug-in for an MPI that we do not know may belong to any launcher.
        guard let fitting = found.first(where: { $0.flavour == wanted || $0.flavour == "other" }) else {
            throw .noPlugInFor(launcher: launcher.name, flavour: wanted, found: found.map(\.flavour))
        }
        return PlugIn(path: fitting.path)
    }

    /// From the nearest to the program outwards.
    static func folders(program: String) -> [String] {
        var names = program.split(separator: "/").dropLast()
        var folders: [String] = []
        while !names.isEmpty {
            let folder = "/" + names.joined(separator: "/")
            folders.append("\(folder)/mpi")
            if names.last == "bin" {
                folders.append("/" + (names.dropLast() + ["lib", "murmur"]).joined(separator: "/"))
            }
            names = names.dropLast()
        }
        return folders
    }
}
