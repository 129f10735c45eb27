import PaymentCrypto

/// Goes through the run's report once more, writes what became of each device, and counts.
struct ReconciliationPass {
    let run: FinishedRun
    let devices: RunDevices
    let words: FailureWords
    /// What is known of check values that came back as others; nil: they are collected for the search.
    let causes: [Int: MismatchCause]?
    let interruption: Interruption
    let progress: (Int) -> Void

    /// What a pass leaves behind.
    struct Product {
        var tally: ReconciliationTally
        /// Nobody has looked for what is behind them yet.
        var suspects: [MismatchSuspect] = []
    }

    static let columns = "line,device_id,slot,ksn,expected_kcv,returned_kcv,result,reason\n"

    /// - Parameter keeper: told of every device of which something came back.
    func run(into file: OutputFile, keeper: ReturnKeeper?) throws -> Product {
        let report = try ReportReader(try run.openReport(), path: run.reportPath)
        var product = Product(tally: ReconciliationTally(deviceCount: devices.count))
        let text = ByteBuffer(capacity: 1 << 17)
        text.append(Self.columns)
        var device = 0
        while let row = try report.next() {
            guard device < devices.count else { break }
            let (state, finding) = (devices[device], DeviceFinding(row, devices[device]))
            product.tally.add(row, finding, isRepeated: state.isRepeated)
            write(row, state, finding, device, &product, to: text)
            if state.phase != .none {
                try keeper?.keep(
                    row, state, finding.result, words: state.hasFailed ? words[state.words] ?? "" : "")
            }
            device += 1
            guard text.count >= 1 << 16 else { continue }
            if interruption.isRequested { throw ProvisioningError.interrupted }
            try file.write(text.bytes)
            text.removeAll()
            progress(device)
        }
        try file.write(text.bytes)
        try run.check(try report.digest())
        return product
    }

    private func write(
        _ row: ReportReader.Row, _ state: ReturnState, _ finding: DeviceFinding, _ device: Int,
        _ product: inout Product, to text: ByteBuffer
    ) {
        text.append(decimal: row.line)
        for cell in [row.identifier, row.slot, row.serialNumberText, row.checkValueText] {
            text.append(UInt8(ascii: ","))
            appendCell(cell, isOurs: row.issue != nil, to: text)
        }
        text.append(UInt8(ascii: ","))
        state.checkValue.write(to: text)
        text.append(UInt8(ascii: ","))
        text.append(finding.result.name)
        text.append(UInt8(ascii: ","))
        appendReason(row, state, finding, device, &product, to: text)
        text.append(UInt8(ascii: "\n"))
    }

    /// What a refused row says is not checked, so it may be anything.
    private func appendCell(_ cell: UnsafeBufferPointer<UInt8>, isOurs: Bool, to text: ByteBuffer) {
        if isOurs { text.append(csv: cell) } else { text.append(csv: ReportText.harmless(ReportText.readable(cell))) }
    }

    private func appendReason(
        _ row: ReportReader.Row, _ state: ReturnState, _ finding: DeviceFinding, _ device: Int,
        _ product: inout Product, to text: ByteBuffer
    ) {
        switch finding.result {
        case .confirmed:
            if state.isRepeated { text.append("came back more than once") }
        case .failed:
            let cause = words[state.words] ?? ""
            product.tally.add(cause: cause.isEmpty ? "failed" : "failed: \(cause)")
            text.append(csv: cause.isEmpty ? "" : "status: \(cause)")
        case .rejected:
            product.tally.add(cause: "rejected by the run")
            text.append(csv: ReportText.harmless(ReportText.readable(row.reason)))
        case .mismatch: text.append(csv: mismatch(row, state, finding, device, &product))
        case .missing, .unexpected: break
        }
    }

    private func mismatch(
        _ row: ReportReader.Row, _ state: ReturnState, _ finding: DeviceFinding, _ device: Int,
        _ product: inout Product
    ) -> String {
        guard let issue = row.issue else { return "" }
        var reasons = finding.differences.map { $0.reason(issue, state) }
        for difference in finding.differences {
            guard difference == .checkValue else {
                product.tally.add(cause: difference.name)
                continue
            }
            let cause = causes?[device]
            product.tally.add(cause: cause?.name ?? difference.name)
            if let cause { reasons.append(cause.reason) }
            if causes == nil, product.suspects.count < MismatchSuspect.limit {
                product.suspects.append(MismatchSuspect(row, issue, state.checkValue, device: device))
            }
        }
        return reasons.joined(separator: "; ")
    }
}

extension ReconciliationResult {
    /// As the report has it, without making a string.
    var name: StaticString {
        switch self {
        case .confirmed: "confirmed"
        case .mismatch: "mismatch"
        case .failed: "failed"
        case .missing: "missing"
        case .rejected: "rejected"
        case .unexpected: "unexpected"
        }
    }
}
