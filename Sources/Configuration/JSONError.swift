/// Why a text is no JSON.
package struct JSONError: Error, Hashable {
    /// What is wrong, and at which byte.
    package let reason: String
}
