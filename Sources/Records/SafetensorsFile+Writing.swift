public import Safetensors

extension SafetensorsFile {
    /// Writes the file whole or not at all. Throws an `OutputError` where it cannot be written, and where anything but
    /// a regular file lies at the path.
    public func write(to path: String) throws(OutputError) {
        try DurableFiles.writeAtomically(encoded(), to: path)
    }
}
