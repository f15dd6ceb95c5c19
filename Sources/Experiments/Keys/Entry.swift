import Configuration

/// An entry at the top of the experiment file.
package enum Entry: Sendable {
    case key(Key)
    case section(Section)

    package var name: String {
        switch self {
        case .key(let key): key.name
        case .section(let section): section.name
        }
    }
}
