extension FixedWidthInteger where Self: UnsignedInteger {
    /// All digits of the number to the base of 16, zeros in front: 8 of a word of 32 bits.
    public var hexadecimal: String {
        let digits = String(self, radix: 16)
        return String(repeating: "0", count: Self.bitWidth / 4 - digits.count) + digits
    }
}
