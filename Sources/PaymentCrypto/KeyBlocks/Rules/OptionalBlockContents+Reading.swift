extension OptionalBlockContents {
    /// Reads the contents of a block by its identifier.
    init(_ block: OptionalBlock) throws(OptionalBlockContentsError) {
        let data = block.data
        self =
            switch block.id {
            case .keySerialNumber: try Self.readKeySerialNumber(data)
            case .initialKeyID: try Self.readInitialKeyID(data)
            case .baseDerivationKeyID: try Self.readBaseDerivationKeyID(data)
            case .keyCheckValue, .protectionKeyCheckValue, .exportKeyCheckValue: try Self.readCheckValue(data)
            case .timeStamp, .timeOfCreation: try Self.readTime(data)
            case .derivationsAllowed: try Self.readDerivations(data)
            case .hashAlgorithm: try Self.readHashAlgorithm(data)
            case .asymmetricKeyLife: try Self.readAsymmetricKeyLife(data)
            case .certificate: .certificates(try CertificateReader.read(data))
            case .wrappingPedigree: try Self.readWrappingPedigree(data)
            default: .text(data)
            }
    }

    /// See X9.24-3:2017, C.2.3.
    private static func readKeySerialNumber(_ data: String) throws(OptionalBlockContentsError) -> Self {
        do throws(KeySerialNumberError) {
            return .keySerialNumber(try KeySerialNumber(data, family: .tdes))
        } catch {
            throw OptionalBlockContentsError(expected: "20 hexadecimal digits", found: found(data))
        }
    }

    /// See X9.24-3:2017, 4.17.
    private static func readInitialKeyID(_ data: String) throws(OptionalBlockContentsError) -> Self {
        // 16 digits alone: with its counter, 24 digits, it would be a key serial number.
        guard data.utf8.count == 16, let number = try? KeySerialNumber(data, family: .aes) else {
            throw OptionalBlockContentsError(expected: "16 hexadecimal digits", found: found(data))
        }
        return .initialKeyID(number.initial)
    }

    /// See ANSI X9.143:2021, 6.3.6.2, table 9.
    private static func readBaseDerivationKeyID(_ data: String) throws(OptionalBlockContentsError) -> Self {
        let (type, identifier) = (String(data.prefix(2)), String(data.dropFirst(2)))
        // AWS's page prints type 11 for AES where X9.143's constants have 01; both are read.
        let (family, digitCount): (DUKPTFamily, Int) =
            switch type {
            case "00": (.tdes, 10)
            case "01", "11": (.aes, 8)
            default: throw OptionalBlockContentsError(expected: "type 00 or 01", found: quoted(type))
            }
        guard identifier.utf8.count == digitCount, Hexadecimal.bytes(identifier) != nil else {
            throw OptionalBlockContentsError(
                expected: "type \(type) and \(digitCount) hexadecimal digits", found: found(identifier) + " behind it")
        }
        return .baseDerivationKeyID(family: family, type: type, identifier: identifier)
    }

    /// See ANSI X9.143:2021, 6.3.6.7, table 15 and 6.3.6.12, table 20.
    private static func readCheckValue(_ data: String) throws(OptionalBlockContentsError) -> Self {
        let (type, digits) = (data.prefix(2), String(data.dropFirst(2)))
        let method: CheckValueMethod =
            switch type {
            case "00": .legacy
            case "01": .cmac
            default: throw OptionalBlockContentsError(expected: "method 00 or 01", found: quoted(String(type)))
            }
        guard !digits.isEmpty, Hexadecimal.bytes(digits) != nil else {
            throw OptionalBlockContentsError(
                expected: "a check value of 2 to \(2 * method.standardByteCount) hexadecimal digits",
                found: found(digits))
        }
        return .checkValue(StatedCheckValue(method: method, digits: digits))
    }

    private static func readTime(_ data: String) throws(OptionalBlockContentsError) -> Self {
        guard let time = KeyBlockTime(data) else {
            throw OptionalBlockContentsError(
                expected: "a time such as 20260301120000Z or 2026-03-01T12:00:00Z", found: quoted(data))
        }
        return .time(time)
    }

    /// See ANSI X9.143:2021, 6.3.6.4, table 12.
    private static func readDerivations(_ data: String) throws(OptionalBlockContentsError) -> Self {
        let entries = Array(data.dropFirst(2))
        guard data.hasPrefix("01"), !entries.isEmpty, entries.count.isMultiple(of: 5) else {
            throw OptionalBlockContentsError(
                expected: "version 01 and 5 characters for each derivation", found: quoted(data))
        }
        var derivations: [Derivation] = []
        for start in stride(from: 0, to: entries.count, by: 5) {
            derivations.append(try readDerivation(entries[start..<start + 5]))
        }
        return .derivationsAllowed(derivations)
    }

    private static func readDerivation(_ entry: ArraySlice<Character>) throws(OptionalBlockContentsError) -> Derivation
    {
        let start = entry.startIndex
        guard let keyUsage = KeyUsage(String(entry.prefix(2))),
            let algorithm = KeyBlockAlgorithm(entry[start + 2]), let modeOfUse = ModeOfUse(entry[start + 3]),
            let exportability = Exportability(entry[start + 4])
        else {
            throw OptionalBlockContentsError(
                expected: "usage, algorithm, mode of use and exportability", found: quoted(String(entry)))
        }
        return Derivation(
            keyUsage: keyUsage, algorithm: algorithm, modeOfUse: modeOfUse, exportability: exportability)
    }

    /// See ANSI X9.143:2021, 6.3.6.5, table 13.
    private static func readHashAlgorithm(_ data: String) throws(OptionalBlockContentsError) -> Self {
        guard let name = hashNames[data] else {
            throw OptionalBlockContentsError(expected: "10, 20 to 25, 30 to 33, 40 or 41", found: quoted(data))
        }
        return .hashAlgorithm(name)
    }

    /// See ANSI X9.143:2021, 6.3.6.1, table 8.
    private static func readAsymmetricKeyLife(_ data: String) throws(OptionalBlockContentsError) -> Self {
        guard data == "0100" || data == "0101" else {
            throw OptionalBlockContentsError(expected: "0100 (ephemeral) or 0101 (static)", found: quoted(data))
        }
        return .asymmetricKeyLife(isStatic: data == "0101")
    }

    /// See ANSI X9.143:2021, 6.3.6.15, table 23.
    private static func readWrappingPedigree(_ data: String) throws(OptionalBlockContentsError) -> Self {
        guard let pedigree = ["000", "001", "002", "003"].firstIndex(of: data) else {
            throw OptionalBlockContentsError(expected: "00 and a digit from 0 to 3", found: quoted(data))
        }
        return .wrappingPedigree(pedigree)
    }

    private static func found(_ digits: String) -> String {
        let count = digits.utf8.count
        let areDigits = digits.utf8.allSatisfy { Hexadecimal.value(of: $0) != nil }
        return areDigits ? "\(count)" : quoted(digits)
    }

    private static func quoted(_ text: String) -> String {
        // A certificate block may have thousands of characters; a message shows how it begins.
        text.utf8.count <= 40 ? ASCII.quoted(text.utf8) : ASCII.quoted(text.utf8.prefix(40)) + " and more"
    }

    /// The hash functions of an HMAC key.
    private static let hashNames = [
        "10": "SHA-1", "20": "SHA-224", "21": "SHA-256", "22": "SHA-384", "23": "SHA-512", "24": "SHA-512/224",
        "25": "SHA-512/256", "30": "SHA3-224", "31": "SHA3-256", "32": "SHA3-384", "33": "SHA3-512",
        "40": "SHAKE128", "41": "SHAKE256",
    ]
}
