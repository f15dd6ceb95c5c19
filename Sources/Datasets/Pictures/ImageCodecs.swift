import CImages

/// The libraries that decode pictures, which are looked for when the program runs.
public enum ImageCodecs {
    /// What is wrong with the library for JPEG files; nil where it can be used.
    public static var jpegMissing: String? { cimages_jpeg_missing().map { String(cString: $0) } }
    /// What is wrong with the library for PNG files; nil where it can be used.
    public static var pngMissing: String? { cimages_png_missing().map { String(cString: $0) } }
    /// How to get what is missing for JPEG files.
    public static let jpegRemedy = "apt-get install libturbojpeg0"
    /// How to get what is missing for PNG files.
    public static let pngRemedy = "apt-get install libpng16-16"
}
