import PaymentCrypto

/// What frames the blocks of a run's index: a header for people, a directory for lookups, and where both are.
enum RunIndexFormat {
    static let magic = "ipek run index 2"
    private static let end = Array("ipek-idx".utf8)
    static let trailerByteCount = 4 * 8 + 8

    /// Lines that a person can read: what this is, the run, and the base derivation keys in the order of their numbers.
    static func header(_ run: RunIdentifier, _ baseKeys: [RunIndexBaseKey]) -> [UInt8] {
        let keys = baseKeys.map { "bdk \($0.fingerprint) \($0.family.stored)" }
        return Array(([magic, "run \(run)"] + keys + ["", ""]).joined(separator: "\n").utf8)
    }

    /// Nil for anything that `header` does not write.
    static func parse(header: [UInt8]) -> (run: RunIdentifier, baseKeys: [RunIndexBaseKey])? {
        let lines = String(decoding: header, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count >= 4, lines[0] == magic, lines[1].hasPrefix("run "), lines.suffix(2) == ["", ""],
            let run = RunIdentifier(String(lines[1].dropFirst(4)))
        else { return nil }
        let keys = lines[2..<lines.count - 2].compactMap { RunIndexBaseKey(line: $0) }
        guard keys.count == lines.count - 4, Self.header(run, keys) == header else { return nil }
        return (run, keys)
    }

    static func directory(_ blocks: [IndexBlockWriter.Block]) -> [UInt8] {
        var bytes: [UInt8] = []
        for block in blocks {
            bytes.append(block.beginsSegment ? 1 : 0)
            bytes.append(UInt8(truncatingIfNeeded: block.firstDevice.count))
            bytes += block.firstDevice
            bytes.append(UInt8(truncatingIfNeeded: block.firstSlot.count))
            bytes += block.firstSlot
            VariableLength.append(UInt64(block.byteCount), to: &bytes)
            VariableLength.append(UInt64(block.entryCount), to: &bytes)
            bytes += block.digest
        }
        return bytes
    }

    /// Nil for anything that `directory` does not write.
    static func parse(directory bytes: [UInt8]) -> [IndexBlockWriter.Block]? {
        var blocks: [IndexBlockWriter.Block] = []
        var offset = 0
        while offset < bytes.count {
            let beginsSegment = bytes[offset] == 1
            guard bytes[offset] <= 1, beginsSegment || !blocks.isEmpty else { return nil }
            offset += 1
            guard let device = text(bytes, &offset, IndexEntry.deviceByteLimit),
                let slot = text(bytes, &offset, IndexEntry.slotByteLimit),
                let size = VariableLength.read(bytes, &offset), let entries = VariableLength.read(bytes, &offset),
                size <= IndexBlockReader.byteLimit, entries <= size, bytes.count - offset >= 32
            else { return nil }
            blocks.append(
                .init(
                    beginsSegment: beginsSegment, firstDevice: device, firstSlot: slot, byteCount: Int(size),
                    entryCount: Int(entries),
                    digest: Array(bytes[offset..<offset + 32])))
            offset += 32
        }
        return blocks
    }

    private static func text(_ bytes: [UInt8], _ offset: inout Int, _ limit: Int) -> [UInt8]? {
        guard offset < bytes.count else { return nil }
        let count = Int(bytes[offset])
        guard count <= limit, bytes.count - offset - 1 >= count else { return nil }
        defer { offset += 1 + count }
        return Array(bytes[offset + 1..<offset + 1 + count])
    }

    /// Four numbers and a mark.
    struct Trailer: Equatable {
        var headerByteCount: Int
        var directoryOffset: Int
        var directoryByteCount: Int
        var deviceCount: Int

        var bytes: [UInt8] {
            [headerByteCount, directoryOffset, directoryByteCount, deviceCount].flatMap { number in
                withUnsafeBytes(of: UInt64(bitPattern: Int64(number)).bigEndian) { Array($0) }
            } + RunIndexFormat.end
        }

        init(headerByteCount: Int, directoryOffset: Int, directoryByteCount: Int, deviceCount: Int) {
            self.headerByteCount = headerByteCount
            self.directoryOffset = directoryOffset
            self.directoryByteCount = directoryByteCount
            self.deviceCount = deviceCount
        }

        /// Nil for anything that is no trailer of a file of this size.
        init?(_ bytes: [UInt8], fileByteCount: Int) {
            guard bytes.count == RunIndexFormat.trailerByteCount, Array(bytes.suffix(8)) == RunIndexFormat.end else {
                return nil
            }
            let numbers = (0..<4).compactMap { index in
                Int(exactly: bytes[8 * index..<8 * index + 8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
            }
            guard numbers.count == 4, numbers[0] <= numbers[1], numbers[1] <= fileByteCount,
                numbers[2] == fileByteCount - numbers[1] - RunIndexFormat.trailerByteCount
            else { return nil }
            self.init(
                headerByteCount: numbers[0], directoryOffset: numbers[1], directoryByteCount: numbers[2],
                deviceCount: numbers[3])
        }
    }

    static func seal(header: [UInt8], directory: [UInt8], trailer: Trailer) throws -> RunIndexSeal {
        let stream = try SHA256Stream()
        for part in [header, directory, trailer.bytes] { try part.withUnsafeBytes { try stream.update($0) } }
        return RunIndexSeal(devices: trailer.deviceCount, sha256: try stream.digest())
    }
}

extension RunIndexBaseKey {
    fileprivate init?(line: Substring) {
        let parts = line.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "bdk", let fingerprint = KeyFingerprint(parts[1]),
            let family = DUKPTFamily(stored: String(parts[2]))
        else { return nil }
        self.init(fingerprint: fingerprint, family: family)
    }
}
