/// The version of this build, as it stands in records and as `murmur --version` and the library tell it.
public let murmurVersion = "0.1.0"
