extension RunRecord {
    /// Who, what, when and how, as a page lists it.
    var facts: [PageFact] {
        [
            PageFact("Manifest", "\(manifest.name), \(PageText.count(manifest.rows, "row"))"),
            PageFact(
                "Operators",
                operators.isEmpty ? [.init(text: "not named", code: nil)] : operators.map { .init(text: $0, code: nil) }
            ),
            PageFact("Began", PageText.moment(started)),
            PageFact("Ended", PageText.moment(ended)),
            PageFact("Base derivation key", bdk.map(\.fact)),
        ] + wrapping + [
            PageFact("Travels as", travels),
            PageFact("Layout", layoutText),
        ] + headerFacts + (again.map { [PageFact("Issued again, because", $0, isWide: true)] } ?? [])
            + (note.map { [PageFact("Note", $0, isWide: true)] } ?? [])
    }

    private var wrapping: [PageFact] {
        if let kdh {
            return [
                PageFact(
                    "Signed by", [.init(text: "\(kdh.name), \(kdh.algorithm), \(kdh.certificateSubject)", code: nil)])
            ]
        }
        return kbpk.isEmpty ? [] : [PageFact("Wrapping key", kbpk.map(\.fact))]
    }

    private var travels: String {
        switch transport {
        case "tr34": "TR-34 token" + (tr34Profile.map { ", \($0)" } ?? "")
        case "rsa-oaep": "RSA-OAEP cryptogram" + (oaepHash.map { ", \($0)" } ?? "")
        default: "key block, version " + (header?.keyBlockVersions ?? []).joined(separator: " and ")
        }
    }

    private var layoutText: String {
        switch layout {
        case .files: "one file a device, in devices/"
        case .csv: "keyblocks.csv"
        case .jsonl: "keyblocks.jsonl"
        }
    }

    private var headerFacts: [PageFact] {
        let headers = [header].compactMap(\.self) + (profiles ?? [])
        guard !headers.isEmpty else { return [] }
        return [PageFact("Header", headers.map { .init(text: $0.text, code: nil) })]
    }
}

extension RunRecord.Key {
    fileprivate var fact: PageFact.Value {
        .init(text: "\(name), \(algorithm), check value", code: kcv)
    }
}

extension RunRecord.Header {
    fileprivate var text: String {
        let blocks = optionalBlocks.isEmpty ? "" : ", optional blocks \(optionalBlocks.joined(separator: " "))"
        let from = profile.map { "\($0): " } ?? ""
        return "\(from)\(keyUsage), mode \(modeOfUse), exportability \(exportability), version \(keyVersion)\(blocks)"
    }
}
