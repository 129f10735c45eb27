@_spi(Engine) import PaymentCrypto
@_spi(Engine) import TokenEngine

/// The same keys, one device after the other, with the fewest calls that do.
///
/// Two calls (TDES) or one (AES) derive, one makes the CMAC, one encrypts in CBC. Check values and text are not made,
/// which the columns do: the comparison is about the calls, and favours this side.
final class CallPerDevice {
    private let fleet: Fleet
    private let derivation: any BlockCipher
    private let variant: (any BlockCipher)?
    private let authentication: any MessageAuthenticator
    private let encryption: any ChainCipher
    private let block: Int
    private let header: [UInt8]
    /// Header, then payload, then MAC.
    private let message: UnsafeMutableRawBufferPointer

    init(_ fleet: Fleet, vault: TokenVault) throws {
        self.fleet = fleet
        guard let encryption = fleet.wrapping.encryption, let authentication = fleet.wrapping.authentication else {
            throw TokenError.noObject
        }
        derivation = try vault.makeBlockCipher(fleet.base.uri, algorithm: fleet.algorithm)
        variant = try fleet.base.variant.map { try vault.makeBlockCipher($0, algorithm: fleet.algorithm) }
        self.authentication = try vault.makeMessageAuthenticator(authentication, algorithm: fleet.wrappingAlgorithm)
        self.encryption = try vault.makeChainCipher(encryption, algorithm: fleet.wrappingAlgorithm)
        block = fleet.algorithm.blockByteCount
        // No optional block, and the payload as long as the key needs: as short as a key block can be.
        header = Array((fleet.family == "tdes" ? "B0080B1TX00N0000" : "D0112B1AX00N0000").utf8)
        message = .allocate(byteCount: header.count + (block == 8 ? 24 : 32) + block, alignment: 16)
    }

    deinit {
        message.deallocate()
    }

    private var payload: UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(rebasing: message[header.count..<header.count + payloadByteCount])
    }

    private var mac: UnsafeMutableRawBufferPointer {
        let start = header.count + payloadByteCount
        return UnsafeMutableRawBufferPointer(rebasing: message[start..<start + block])
    }

    /// Two bytes of length, the key of 16 bytes, and padding.
    private var payloadByteCount: Int { block == 8 ? 24 : 32 }

    /// The last device's key block.
    var lastKeyBlock: String {
        let encrypted = message[header.count..<header.count + payloadByteCount + block]
        return String(decoding: header, as: UTF8.self)
            + encrypted.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined()
    }

    func provision(devices: Range<Int>) throws {
        for device in devices { try provision(device) }
    }

    private func provision(_ device: Int) throws {
        message.copyBytes(from: header)
        payload.storeBytes(of: UInt16(128).bigEndian, as: UInt16.self)
        let key = UnsafeMutableRawBufferPointer(rebasing: payload[2..<18])
        try derive(device, into: key)
        for index in 18..<payloadByteCount { payload[index] = UInt8.random(in: 0...255) }
        let authenticated = UnsafeRawBufferPointer(rebasing: message[..<(header.count + payloadByteCount)])
        try authentication.authenticate(authenticated, into: mac)
        try encryption.encrypt(payload, initialisationVector: UnsafeRawBufferPointer(mac))
    }

    private func derive(_ device: Int, into key: UnsafeMutableRawBufferPointer) throws {
        let number = fleet.serialNumber(device).bigEndian
        if let variant {
            let (left, right) = (
                UnsafeMutableRawBufferPointer(rebasing: key[..<8]), UnsafeMutableRawBufferPointer(rebasing: key[8...])
            )
            left.storeBytes(of: number, as: UInt64.self)
            right.storeBytes(of: number, as: UInt64.self)
            try derivation.encrypt(left)
            try variant.encrypt(right)
        } else {
            key.storeBytes(of: UInt64(0x0101_8001_0002_0080).bigEndian, as: UInt64.self)
            key.storeBytes(of: number, toByteOffset: 8, as: UInt64.self)
            try derivation.encrypt(key)
        }
    }
}
