internal import CPKCS11
internal import Glibc

/// A list of attributes as C takes it, in memory of its own.
///
/// Never for a key's value, which stays where it is: see ``withPointer(adding:_:_:)``.
final class AttributeTemplate {
    private var attributes: [CK_ATTRIBUTE] = []
    private var memory: [UnsafeMutableRawPointer] = []

    deinit {
        for piece in memory { piece.deallocate() }
    }

    func add(_ attribute: UInt, _ bytes: some Collection<UInt8>) {
        let piece = UnsafeMutableRawPointer.allocate(byteCount: max(bytes.count, 1), alignment: 16)
        UnsafeMutableRawBufferPointer(start: piece, count: bytes.count).copyBytes(from: bytes)
        memory.append(piece)
        attributes.append(
            CK_ATTRIBUTE(type: CK_ATTRIBUTE_TYPE(attribute), pValue: piece, ulValueLen: CK_ULONG(bytes.count)))
    }

    func add(_ attribute: UInt, _ flag: Bool) {
        add(attribute, CollectionOfOne(flag ? UInt8(CK_TRUE) : UInt8(CK_FALSE)))
    }

    func add(_ attribute: UInt, _ number: UInt) {
        withUnsafeBytes(of: CK_ULONG(number)) { add(attribute, $0) }
    }

    /// The template for one call.
    func withPointer<R>(
        _ body: (UnsafeMutablePointer<CK_ATTRIBUTE>?, CK_ULONG) -> R
    ) -> R {
        // The attributes point into memory that goes with this object, which nobody else may need any more.
        withExtendedLifetime(self) {
            attributes.withUnsafeMutableBufferPointer { body($0.baseAddress, CK_ULONG($0.count)) }
        }
    }

    /// The template for one call, with one more attribute whose bytes are not copied.
    func withPointer<R>(
        adding attribute: UInt, _ bytes: UnsafeRawBufferPointer,
        _ body: (UnsafeMutablePointer<CK_ATTRIBUTE>?, CK_ULONG) -> R
    ) -> R {
        var all = attributes
        all.append(
            CK_ATTRIBUTE(
                type: CK_ATTRIBUTE_TYPE(attribute), pValue: UnsafeMutableRawPointer(mutating: bytes.baseAddress),
                ulValueLen: CK_ULONG(bytes.count)))
        return withExtendedLifetime(self) {
            all.withUnsafeMutableBufferPointer { body($0.baseAddress, CK_ULONG($0.count)) }
        }
    }
}
