/// A format of several files that belong together, which changes of its own are made to.
protocol FuzzFormat {
    static var name: String { get }

    /// Makes valid files in an empty folder.
    init(in folder: String) throws

    /// Changes the files by chance and reads them as the command does. Throws what the reader throws.
    mutating func tryOne(_ mutator: inout Mutator) throws
}
