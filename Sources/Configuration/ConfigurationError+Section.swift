/// Runs `body`, and adds the section's name to the key of a complaint.
package func inSection<Result: ~Copyable>(
    _ name: String, _ body: () throws(ConfigurationError) -> Result
) throws(ConfigurationError) -> Result {
    do {
        return try body()
    } catch {
        throw error.within(name)
    }
}
