import PaymentCrypto

/// Goes through the report that an interrupted run has written, beside the chunks of the manifest that it was written for.
///
/// Every byte of it has to be what the run would write again, but for the check values: those are taken from it. So what
/// was done belongs to these rows. One owner: the stage that delivers chunks.
final class RepeatedReport {
    private let lines: CommittedLines
    private let path: String

    /// Begins behind the first line, which names the columns.
    init(in folder: OutputFolder) throws {
        lines = try CommittedLines("check-values.csv", in: folder)
        path = folder.path(of: "check-values.csv")
        guard try lines.next() != nil else { throw damage }
    }

    /// Puts into the chunk's products the check values that the report has.
    ///
    /// - Parameter chunk: examined, and its report written but for them.
    func read(into chunk: ProvisioningChunk, method: (Int32) -> CheckValueMethod) throws {
        let text = chunk.report.characters
        var position = 0
        for device in 0..<chunk.devices.count where chunk.devices.status[device] == .accepted {
            let end = chunk.products.checkValueOffset[device]
            try expect(UnsafeBufferPointer(rebasing: text[position..<end]))
            position = end
            chunk.products.checkValue[device] = try takeCheckValue(method(chunk.devices.baseKey[device]))
        }
        try expect(UnsafeBufferPointer(rebasing: text[position...]))
    }

    /// Refuses more than there should be.
    func finish() throws {
        guard try lines.next() == nil else { throw damage }
    }

    private func expect(_ text: UnsafeBufferPointer<UInt8>) throws {
        guard try lines.take(text.count).elementsEqual(text) else { throw damage }
    }

    private func takeCheckValue(_ method: CheckValueMethod) throws -> CheckValue {
        let digits = try lines.take(before: UInt8(ascii: ","), limit: 2 * method.standardByteCount)
        guard let value = digits.withUnsafeBufferPointer({ CheckValue(digits: $0, method: method) }) else {
            throw damage
        }
        return value
    }

    private var damage: ResumeError {
        .damaged(path: path, reason: "the report is not that of this manifest")
    }
}
