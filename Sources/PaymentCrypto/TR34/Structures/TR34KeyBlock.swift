/// ```
/// KeyBlock ::= SEQUENCE {
///   version INTEGER (1),
///   idKDH IssuerAndSerialNumber,
///   clearKey OCTET STRING,
///   attributeHeader SEQUENCE { id-data, SET { OCTET STRING header } } }
/// ```
///
/// X9 TR-34, 'KeyBlock'. It has the clear key in it, so it is written and read in secret memory and not by SwiftASN1,
/// whose values are arrays in ordinary memory. Some senders follow Annex D: version 0, and the header as a bare OCTET STRING.
enum TR34KeyBlock {
    /// What is around the key: all but the key itself is public.
    struct Surroundings {
        let sender: IssuerAndSerialNumber
        let header: TR34Header
    }

    /// What was found beside the key.
    enum Form {
        case standard
        case annexD
    }

    /// The key, and how it was framed.
    struct Opened: ~Copyable {
        let key: SymmetricKey
        let form: Form

        consuming func takeKey() -> SymmetricKey { key }
    }

    /// Why an opened envelope is refused; nobody outside this module is told.
    enum Fault: Error, Equatable {
        case contentKey
        case padding
        case structure
        case otherSender
        case otherHeader
        case keyLength
        case engine
    }

    // MARK: Writing

    /// The key block with its padding (RFC 5652, 6.3: always at least one byte).
    static func padded(
        _ key: borrowing SymmetricKey, _ surroundings: Surroundings, blockByteCount: Int
    ) -> SecretBytes {
        let before = prefix(surroundings, keyByteCount: key.algorithm.byteCount)
        let behind = surroundings.header.attribute
        let count = before.count + key.algorithm.byteCount + behind.count
        let padding = blockByteCount - count % blockByteCount
        return key.bytes.withExposedBytes { clear in
            SecretBytes(count: count + padding) { memory in
                let keyStart = before.count
                let keyEnd = keyStart + clear.count
                memory[..<keyStart].copy(before)
                UnsafeMutableRawBufferPointer(rebasing: memory[keyStart..<keyEnd]).copyMemory(from: clear)
                memory[keyEnd..<count].copy(behind)
                for index in count..<memory.count { memory[index] = UInt8(truncatingIfNeeded: padding) }
            }
        }
    }

    private static func prefix(_ surroundings: Surroundings, keyByteCount: Int) -> [UInt8] {
        let version: [UInt8] = [0x02, 0x01, 0x01]
        let inner =
            version + surroundings.sender.encoded + [DERTag.octetString] + DEREncoding.length(keyByteCount)
        let count = inner.count + keyByteCount + surroundings.header.attribute.count
        return [DERTag.sequence] + DEREncoding.length(count) + inner
    }

    // MARK: Reading

    /// The key of an opened envelope; nothing in the clear but what `surroundings` has already is believed.
    static func key(
        in plaintext: UnsafeRawBufferPointer, _ surroundings: Surroundings, blockByteCount: Int
    ) throws(Fault) -> Opened {
        let count = try unpaddedCount(plaintext, blockByteCount: blockByteCount)
        var outer = DERReader(UnsafeRawBufferPointer(rebasing: plaintext[..<count]))
        guard var reader = outer.enter(DERTag.sequence), outer.isAtEnd else { throw .structure }
        let number = reader.next(DERTag.integer)
        guard let number, number.count == 1, number[0] <= 1 else { throw .structure }
        let sender = reader.next(DERTag.sequence)
        guard let sender, let clear = reader.next(DERTag.octetString) else { throw .structure }
        guard equal(sender, surroundings.sender.contents) else { throw .otherSender }
        let hasAttribute = try checkHeader(&reader, surroundings.header)
        let algorithm = KeyRules.symmetricAlgorithm(surroundings.header.header.algorithm, byteCount: clear.count)
        guard let algorithm else { throw .keyLength }
        let key = SymmetricKey(algorithm: algorithm) { $0.copyMemory(from: clear) }
        return Opened(key: key, form: number[0] == 1 && hasAttribute ? .standard : .annexD)
    }

    /// The header beside the key must be the signed one, so that nobody can give the key another.
    ///
    /// - Returns: whether it is an attribute; else it is bare.
    private static func checkHeader(_ reader: inout DERReader, _ header: TR34Header) throws(Fault) -> Bool {
        if let attribute = reader.next(DERTag.sequence) {
            guard equal(attribute, header.attributeContents) else { throw .otherHeader }
            guard reader.isAtEnd else { throw .structure }
            return true
        }
        guard let bare = reader.next(DERTag.octetString), reader.isAtEnd else { throw .structure }
        guard equal(bare, header.text) else { throw .otherHeader }
        return false
    }

    /// Every byte of the padding is looked at, whatever the last one says.
    private static func unpaddedCount(
        _ plaintext: UnsafeRawBufferPointer, blockByteCount: Int
    ) throws(Fault) -> Int {
        guard let last = plaintext.last, plaintext.count >= blockByteCount else { throw .padding }
        let padding = Int(last)
        var difference = padding == 0 || padding > blockByteCount ? 1 : 0
        for distance in 1...blockByteCount where distance <= padding {
            difference |= Int(plaintext[plaintext.count - distance] ^ last)
        }
        guard difference == 0 else { throw .padding }
        return plaintext.count - padding
    }

    private static func equal(_ found: UnsafeRawBufferPointer, _ expected: [UInt8]) -> Bool {
        expected.withUnsafeBytes { constantTimeEqual(found, $0) }
    }
}

extension Slice<UnsafeMutableRawBufferPointer> {
    fileprivate func copy(_ bytes: [UInt8]) {
        UnsafeMutableRawBufferPointer(rebasing: self).copyBytes(from: bytes)
    }
}
