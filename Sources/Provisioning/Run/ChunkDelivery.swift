import Dispatch
import PaymentCrypto

/// Takes the finished chunks of a run in the manifest's order: writes them, counts them and commits them.
///
/// Only the thread that delivers uses it, but for `isWritten`, which reads what never changes, and for the file of key blocks,
/// which another thread writes meanwhile.
final class ChunkDelivery {
    let keeper: RunProgressKeeper
    private(set) var tally: RunTally
    private(set) var counts = RunRecord.Counts()
    private(set) var receiverSum: UInt64 = 0
    private(set) var chunkCount = 0
    private(set) var clock = StageClock()
    /// The site's index alone.
    private(set) var indexClock = StageClock()

    private let files: RunFiles
    private let index: DeviceIndex
    private let usesTwoThreads: Bool
    private let checkValueMethod: (Int32) -> CheckValueMethod
    /// How many chunks an interrupted run has committed, and its report of them.
    private let writtenCount: Int
    private let repeated: RepeatedReport?

    init(
        to files: RunFiles, in place: RunWorkplace, index: DeviceIndex, families: [DUKPTFamily], usesTwoThreads: Bool,
        checkValueMethod: @escaping (Int32) -> CheckValueMethod
    ) throws {
        self.files = files
        self.index = index
        self.usesTwoThreads = usesTwoThreads
        self.checkValueMethod = checkValueMethod
        keeper = RunProgressKeeper(place.journal, files, last: place.commit)
        tally = RunTally(families: families)
        writtenCount = place.commit?.chunks ?? 0
        repeated = try place.commit.map { _ in try RepeatedReport(in: place.folder) }
    }

    /// Whether an interrupted run has written and committed it already.
    func isWritten(_ chunk: ProvisioningChunk) -> Bool { chunk.manifest.index < writtenCount }

    func deliver(_ chunk: ProvisioningChunk) throws {
        counts.issued += chunk.issuedCount
        counts.rejected += chunk.rejectedCount
        counts.devices = counts.issued + counts.rejected
        receiverSum &+= chunk.devices.receiverSum
        chunkCount += 1
        try clock.measure {
            if chunkCount <= writtenCount {
                try takeUp(chunk)
                return try note(chunk)
            }
            // Hashing and writing the key blocks takes as long as all the rest.
            let work = PairOfWork({ try self.files.writeKeyBlocks(chunk) }) {
                try self.files.writeRows(chunk)
                try self.note(chunk)
            }
            try usesTwoThreads ? work.doAtOnce() : work.doInTurn()
            try keeper.chunkWritten(chunks: chunkCount, counts)
        }
    }

    private func note(_ chunk: ProvisioningChunk) throws {
        try indexClock.measure { try index.append(chunk) }
        tally.add(chunk)
    }

    /// Commits before an interrupted run ends: there is time for it, and less to do again.
    func commit() throws {
        if chunkCount > writtenCount { try keeper.commit(chunks: chunkCount, counts) }
    }

    /// The manifest has at least the chunks that the interrupted run had written.
    func finish() throws {
        guard chunkCount >= writtenCount else { throw ProvisioningError.manifestChanged }
    }

    private func takeUp(_ chunk: ProvisioningChunk) throws {
        try repeated?.read(into: chunk, method: checkValueMethod)
        if chunkCount == writtenCount { try repeated?.finish() }
    }
}

/// Two pieces of work that share nothing.
///
/// Unchecked: each piece is done by one thread, and what came of it has a place of its own.
private final class PairOfWork: @unchecked Sendable {
    private let first: () throws -> Void
    private let second: () throws -> Void
    private var firstFailure: (any Error)?
    private var secondFailure: (any Error)?

    init(_ first: @escaping () throws -> Void, _ second: @escaping () throws -> Void) {
        (self.first, self.second) = (first, second)
    }

    func doInTurn() throws {
        try first()
        try second()
    }

    func doAtOnce() throws {
        DispatchQueue.concurrentPerform(iterations: 2) { part in
            do { try part == 0 ? first() : second() } catch {
                if part == 0 { firstFailure = error } else { secondFailure = error }
            }
        }
        if let failure = firstFailure ?? secondFailure { throw failure }
    }
}
