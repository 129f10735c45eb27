import CBenchmarkEVP

/// The same work on one device after the other: derive, check value, header, MAC, encryption, text.
///
/// Written the way one would with EVP: a call for each step of the standard, contexts made once and reused. Random
/// padding is drawn for many rows at once and no array is touched in the loop, as in the columns, so that the
/// comparison is about the ciphers.
final class PerRowLoop {
    private let family: Family
    private let headerCount: Int
    private let payloadCount: Int
    private let blockByteCount: Int
    private let derivation: Cipher
    private let variantDerivation: Cipher?
    private let checkValueCipher: Cipher
    private let checkValueMAC: CMAC
    private let encryption: Cipher
    private let authentication: CMAC
    private let random = RandomPool()

    private let zeros = buffer([UInt8](repeating: 0, count: 16))
    /// The derivation data; its last eight bytes are the row's.
    private let input: UnsafeMutablePointer<UInt8>
    private let key = buffer([UInt8](repeating: 0, count: 16))
    private let checkBlock = buffer([UInt8](repeating: 0, count: 16))
    private let mac = buffer([UInt8](repeating: 0, count: 16))
    /// Header and optional blocks, then the payload: clear first, then encrypted.
    private let message: UnsafeMutablePointer<UInt8>
    private let text: UnsafeMutablePointer<UInt8>

    init(_ family: Family) {
        self.family = family
        headerCount = family.header.count
        payloadCount = family.payloadByteCount
        blockByteCount = family.blockByteCount
        let bdk = family.baseDerivationKey
        derivation = Cipher(family.ecb, key: bdk)
        variantDerivation = family == .tdes ? Cipher(family.ecb, key: zip(bdk, family.variant).map { $0 ^ $1 }) : nil
        checkValueCipher = Cipher(family.ecb)
        checkValueMAC = CMAC("AES-128-CBC", key: [UInt8](repeating: 0, count: 16))
        encryption = Cipher(family.protectionCBC, key: family.derivedKey(usage: 0))
        authentication = CMAC(family.protectionCBC, key: family.derivedKey(usage: 1))
        input = buffer(family.derivationData(0))
        message = buffer(family.header + [UInt8](repeating: 0, count: payloadCount))
        text = buffer([UInt8](repeating: 0, count: headerCount + 2 * (payloadCount + blockByteCount)))
    }

    deinit {
        for memory in [zeros, input, key, checkBlock, mac, message, text] { memory.deallocate() }
    }

    /// The last device's key block.
    var keyBlock: String {
        let count = headerCount + 2 * (payloadCount + blockByteCount)
        return String(decoding: UnsafeBufferPointer(start: text, count: count), as: UTF8.self)
    }

    /// Provisions one device; returns its check value as three bytes of a number.
    func provision(_ serialNumber: UInt64) -> UInt32 {
        derive(serialNumber)
        computeCheckValue()
        family.writeSerialNumber(serialNumber, into: message)
        fillPayload()
        authentication.restart()
        authentication.authenticate(message, count: headerCount + payloadCount, into: mac)
        encryption.setInitializationVector(mac)
        encryption.encrypt(message + headerCount, count: payloadCount, into: message + headerCount)
        writeText()
        return UInt32(checkBlock[0]) << 16 | UInt32(checkBlock[1]) << 8 | UInt32(checkBlock[2])
    }

    private func derive(_ serialNumber: UInt64) {
        let place = UnsafeMutableRawPointer(input + (blockByteCount - 8))
        place.storeBytes(of: serialNumber.bigEndian, as: UInt64.self)
        derivation.encrypt(input, count: blockByteCount, into: key)
        variantDerivation?.encrypt(input, count: 8, into: key + 8)
    }

    private func computeCheckValue() {
        if family == .tdes {
            checkValueCipher.setKey(key)
            checkValueCipher.encrypt(zeros, count: 8, into: checkBlock)
        } else {
            checkValueMAC.setKey(key, count: 16)
            checkValueMAC.authenticate(zeros, count: 16, into: checkBlock)
        }
    }

    /// Key length in bits, key, random padding: with length obfuscation, as the columns do it.
    private func fillPayload() {
        let payload = message + headerCount
        payload[0] = 0
        payload[1] = 128
        (payload + 2).update(from: key, count: 16)
        (payload + 18).update(from: random.take(payloadCount - 18), count: payloadCount - 18)
    }

    private func writeText() {
        text.update(from: message, count: headerCount)
        writeHexadecimal(message + headerCount, count: payloadCount, to: text + headerCount)
        writeHexadecimal(mac, count: blockByteCount, to: text + headerCount + 2 * payloadCount)
    }
}

/// Random bytes, drawn 64 KiB at a time.
private final class RandomPool {
    private let count = 1 << 16
    private let bytes = buffer([UInt8](repeating: 0, count: 1 << 16))
    private var position = 1 << 16

    deinit { bytes.deallocate() }

    func take(_ wanted: Int) -> UnsafePointer<UInt8> {
        if position + wanted > count {
            check(RAND_bytes(bytes, Int32(count)))
            position = 0
        }
        position += wanted
        return UnsafePointer(bytes + (position - wanted))
    }
}

private func buffer(_ bytes: [UInt8]) -> UnsafeMutablePointer<UInt8> {
    let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: bytes.count)
    memory.initialize(from: bytes, count: bytes.count)
    return memory
}

func writeHexadecimal(_ bytes: UnsafePointer<UInt8>, count: Int, to text: UnsafeMutablePointer<UInt8>) {
    for index in 0..<count {
        text[2 * index] = hexadecimalDigit(bytes[index] >> 4)
        text[2 * index + 1] = hexadecimalDigit(bytes[index] & 15)
    }
}

func hexadecimalDigit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + value - 10
}
