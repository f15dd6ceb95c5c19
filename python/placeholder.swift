// Stands for tests that a source distribution leaves out: Swift's package manager wants a file for every target.
