import Foundation

/// What a file holds; nil where it cannot be read.
func text(_ path: String) -> String? { try? String(contentsOfFile: path, encoding: .utf8) }
