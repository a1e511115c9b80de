/// The hash FNV-1a: the same in every process and on every machine, and no hindrance to anybody who looks for
/// collisions.
///
/// Inlined, since a body of some megabytes is hashed byte by byte.
package struct FNV1a<Word: FNVWord>: Sendable {
    package var value: Word

    /// Begins at the offset of the definition unless another is given.
    @inlinable
    package init(_ offset: Word = Word.fnvOffset) { value = offset }

    @inlinable
    package mutating func add(_ byte: UInt8) {
        value = (value ^ Word(truncatingIfNeeded: byte)) &* Word.fnvPrime
    }

    @inlinable
    package mutating func add(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { add(byte) }
    }
}

/// A size in which FNV-1a is defined.
package protocol FNVWord: FixedWidthInteger & UnsignedInteger & Sendable {
    static var fnvOffset: Self { get }
    static var fnvPrime: Self { get }
}

extension UInt64: FNVWord {
    @inlinable package static var fnvOffset: UInt64 { 0xCBF2_9CE4_8422_2325 }
    @inlinable package static var fnvPrime: UInt64 { 0x100_0000_01B3 }
}

extension UInt128: FNVWord {
    @inlinable package static var fnvOffset: UInt128 { 0x6C62272E_07BB0142_62B82175_6295C58D }
    @inlinable package static var fnvPrime: UInt128 { 0x1000000_000000000000013B }
}
