import Dispatch
import Glibc
import PaymentCrypto
import Testing

@testable import Provisioning

/// Input from descriptors that are no plain files, and files that change.
struct ManifestStreamTests {
    /// Writes `block` into a pipe until its reader has gone or `count` bytes are through.
    private func withPipe<R>(_ first: String, _ block: String, count: Int, _ body: (Int32) throws -> R) throws -> R {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw ManifestReadError.readFailed(errno: errno) }
        signal(SIGPIPE, SIG_IGN)
        let (readEnd, writeEnd) = (ends[0], ends[1])
        let done = DispatchGroup()
        DispatchQueue.global().async(group: done) {
            let bytes = Array(block.utf8)
            _ = write(writeEnd, first, first.utf8.count)
            var left = count
            while left > 0 {
                let written = write(writeEnd, bytes, min(left, bytes.count))
                if written <= 0 { break }
                left -= written
            }
            close(writeEnd)
        }
        defer {
            close(readEnd)
            done.wait()
        }
        return try body(readEnd)
    }

    private func residentKibibytes() -> Int {
        var usage = rusage()
        getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss
    }

    @Test(arguments: [
        ("x", "record is longer than 65536 bytes"), ("\"", "quote is not closed"), ("\"x\n", "quote is not closed"),
        ("a\r", "carriage return without a line feed"),
    ])
    func failsAtOnceOn200MBWithoutARecordEnd(_ piece: String, _ message: String) throws {
        let text = piece == "\"" || piece == "\"x\n" ? "y" : piece
        let block = String(repeating: text, count: 65_536 / text.utf8.count)
        let before = residentKibibytes()
        try withPipe("device_id,ksn\n" + piece, block, count: 200_000_000) { descriptor in
            let source = ManifestSource(descriptor: descriptor, name: "-", keys: ManifestFixture.keys)
            let result = try ManifestCheck(source).runSerially()
            // It did not wait for the end: there is more to come.
            var next: UInt8 = 0
            #expect(read(descriptor, &next, 1) == 1)
            #expect(result.diagnostics.kept.map(\.message) == [message])
            #expect(result.diagnostics.kept.map(\.line) == [2])
        }
        #expect(residentKibibytes() - before < 40_000)
    }

    @Test func readsAPipe() throws {
        try withPipe(
            ManifestFixture(rows: [ManifestFixture.row(1)]).bytes.reduce(into: "") {
                $0.unicodeScalars.append(Unicode.Scalar($1))
            }, "\n", count: 100_000
        ) { descriptor in
            let source = ManifestSource(descriptor: descriptor, name: "-", keys: ManifestFixture.keys)
            let result = try ManifestCheck(source).runSerially()
            #expect(result.isGood)
            #expect(result.acceptedDeviceCount == 1)
        }
    }

    @Test func saysWhyItCannotRead() throws {
        let source = ManifestSource(descriptor: -1, name: "x", keys: ManifestFixture.keys)
        #expect(throws: ManifestReadError.readFailed(errno: EBADF)) { try ManifestCheck(source).runSerially() }
        #expect(ManifestReadError.readFailed(errno: EISDIR).description == "cannot be read: Is a directory")
    }

    @Test func noticesThatTheFileHasChanged() throws {
        let manifest = ManifestFixture(rows: (1...10).map { ManifestFixture.row($0) })
        try manifest.withSource { source in
            let check = ManifestCheck(source)
            let result = try check.runSerially()
            #expect(result.isGood)
            _ = pwrite(source.descriptor, "Z", 1, 20)
            let pass = try check.beginProvisioning()
            let chunk = ManifestChunk()
            while try pass.reader.fill(chunk) {}
            #expect(throws: ManifestReadError.changed) { try pass.verify(result.digest) }
        }
    }

    @Test func hashesWhatItReads() throws {
        let result = try ManifestFixture("device_id,ksn\nA,FFFF9876540000200000\n").check()
        // Made with sha256sum.
        let expected = SHA256Digest("dd87de7f82cff45867473cf3619180fcf9bf2be2ad0815b71ced4cc8d7381f50")
        #expect(result.digest == expected)
    }

    @Test func handsQuantityRowsOverFromChunkToChunk() throws {
        let manifest = ManifestFixture(
            rows: ["A-{n:04}x,\(ManifestFixture.ksn(0)),9,s1,lab", "B,\(ManifestFixture.ksn(9)),,,"],
            header: "device_id,ksn,quantity,slot,label")
        let whole = try manifest.provision()
        #expect(whole.count == 10)
        #expect(whole[0].name == "A-0001x" && whole[8].name == "A-0009x" && whole[9].name == "B")
        let last: UInt64 = 0xFFFF_9876_5400_0100
        #expect(whole[8].ksn == last)
        #expect(whole.prefix(9).allSatisfy { $0.line == 2 && $0.texts == ["s1", "", "lab", ""] })
        for capacity in [1, 2, 3, 9] { #expect(try manifest.provision(capacity: capacity) == whole) }
    }
}
