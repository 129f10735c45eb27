public import PaymentCrypto

/// The index of a finished run, in which devices are found by name.
///
/// What is read is proved against the seal that the ledger keeps: the directory when the index is opened, each block
/// when it is looked at. One owner at a time.
public final class RunIndex {
    /// The run.
    public let run: RunIdentifier
    /// The base derivation keys of its devices.
    public let baseKeys: [RunIndexBaseKey]
    /// How many devices it has.
    public let count: Int
    private let file: IndexFile
    private let blocks: [IndexBlockWriter.Block]
    private let offsets: [Int]
    /// The blocks of each segment, in which devices are in order.
    private let segments: [Range<Int>]
    /// Where a device was found last: whoever asks in the order of the manifest mostly finds the next one there, too.
    private var likelySegment = 0
    private let reader = IndexBlockReader()
    /// The block that was read last: whoever asks in order asks for it again.
    private var current: (index: Int, bytes: [UInt8])?

    /// Opens the index of a run.
    public init(_ run: RunIdentifier, sealedBy seal: RunIndexSeal, in site: Site) throws(FacilityError) {
        let name = RunsFolder.fileName(run)
        let path = "\(site.path)/\(RunsFolder.name)/\(name)"
        guard let file = try RunsFolder(of: site)?.open(name) else {
            throw .damaged(file: path, reason: "the run's index is missing")
        }
        let damage = FacilityError.damaged(file: path, reason: "the run's index is not as it was written")
        let frame = try FacilityError.converting { try Frame(file, seal) }
        guard let frame, frame.run == run else { throw damage }
        (self.run, self.file, baseKeys, blocks) = (run, file, frame.baseKeys, frame.blocks)
        count = seal.devices
        var offset = frame.blocksOffset
        offsets = frame.blocks.map { block in
            defer { offset += block.byteCount }
            return offset
        }
        let starts = frame.blocks.indices.filter { frame.blocks[$0].beginsSegment }
        segments = zip(starts, starts.dropFirst() + [frame.blocks.count]).map { $0..<$1 }
    }

    /// All slots of a device, in the order of their names; case is ignored, as it is in a manifest.
    public func entries(ofDevice device: String) throws(FacilityError) -> [RunIndexEntry] {
        var entries: [RunIndexEntry] = []
        for segment in segments { try forEachEntry(ofDevice: device, in: segment) { entries.append($0) } }
        return entries.sorted { $0.slot.lowercased() < $1.slot.lowercased() }
    }

    /// Whether a device has a serial number in this run.
    public func has(
        _ number: InitialKeySerialNumber, under baseKey: KeyFingerprint, device: String
    ) throws(FacilityError) -> Bool {
        for step in segments.indices {
            let place = (likelySegment + step) % segments.count
            var isThere = false
            try forEachEntry(ofDevice: device, in: segments[place]) {
                if $0.number == number, $0.baseKey == baseKey { isThere = true }
            }
            if isThere {
                likelySegment = place
                return true
            }
        }
        return false
    }

    /// Gives every device, segment by segment, and proves all of the index on the way.
    public func forEach(_ body: (RunIndexEntry) throws -> Void) throws {
        for index in blocks.indices {
            try load(index)
            var entryCount = 0
            while reader.next() {
                entryCount += 1
                try body(try entry())
            }
            guard !reader.isMalformed, entryCount == blocks[index].entryCount else { throw damage }
        }
    }

    private func forEachEntry(
        ofDevice device: String, in segment: Range<Int>, _ body: (RunIndexEntry) -> Void
    ) throws(FacilityError) {
        let wanted = Array(device.utf8)
        try FacilityError.converting {
            try wanted.withUnsafeBufferPointer { wanted in
                for index in firstBlock(for: wanted, in: segment)..<segment.upperBound {
                    try load(index)
                    while reader.next() {
                        let order = IndexKey.compare(reader.entry.device, wanted)
                        if order > 0 { return }
                        if order == 0 { body(try entry()) }
                    }
                    guard !reader.isMalformed else { throw damage }
                }
            }
        }
    }

    /// The last block that begins before the device, since the device may be in it; the first one where none does.
    private func firstBlock(for device: UnsafeBufferPointer<UInt8>, in segment: Range<Int>) -> Int {
        var (low, high) = (segment.lowerBound, segment.upperBound)
        while low < high {
            let middle = (low + high) / 2
            let order = blocks[middle].firstDevice.withUnsafeBufferPointer { IndexKey.compare($0, device) }
            if order < 0 { low = middle + 1 } else { high = middle }
        }
        return max(segment.lowerBound, low - 1)
    }

    /// Sets the reader to the beginning of a block, read and proved unless it was the last one.
    private func load(_ index: Int) throws {
        if let current, current.index == index {
            reader.begin(current.bytes)
            return
        }
        current = nil
        guard let bytes = try file.read(blocks[index].byteCount, at: offsets[index]),
            ContentDigest.sha256(bytes) == blocks[index].digest
        else { throw damage }
        current = (index, bytes)
        reader.begin(bytes)
    }

    private func entry() throws -> RunIndexEntry {
        let entry = reader.entry
        guard baseKeys.indices.contains(Int(entry.baseKey)) else { throw damage }
        let key = baseKeys[Int(entry.baseKey)]
        let value = withUnsafeBytes(of: entry.checkValue.bigEndian) { Array($0.prefix(entry.checkValueByteCount)) }
        return RunIndexEntry(
            device: String(decoding: entry.device, as: UTF8.self), slot: String(decoding: entry.slot, as: UTF8.self),
            number: InitialKeySerialNumber(place: entry.place, family: key.family), baseKey: key.fingerprint,
            kcv: Hexadecimal.text(value))
    }

    private var damage: FacilityError {
        .damaged(file: file.path, reason: "the run's index is not as it was written")
    }
}

/// Header, directory and trailer, proved against the seal.
private struct Frame {
    let run: RunIdentifier
    let baseKeys: [RunIndexBaseKey]
    let blocks: [IndexBlockWriter.Block]
    let blocksOffset: Int

    /// Nil where they are not what the seal is over, or do not fit the file.
    init?(_ file: IndexFile, _ seal: RunIndexSeal) throws {
        let size = try file.size()
        guard size >= RunIndexFormat.trailerByteCount,
            let end = try file.read(
                RunIndexFormat.trailerByteCount, at: size - RunIndexFormat.trailerByteCount),
            let trailer = RunIndexFormat.Trailer(end, fileByteCount: size),
            let header = try file.read(trailer.headerByteCount, at: 0),
            let directory = try file.read(trailer.directoryByteCount, at: trailer.directoryOffset),
            try RunIndexFormat.seal(header: header, directory: directory, trailer: trailer) == seal,
            let (run, baseKeys) = RunIndexFormat.parse(header: header),
            let blocks = RunIndexFormat.parse(directory: directory),
            blocks.reduce(header.count, { $0 + $1.byteCount }) == trailer.directoryOffset
        else { return nil }
        (self.run, self.baseKeys, self.blocks, blocksOffset) = (run, baseKeys, blocks, header.count)
    }
}
