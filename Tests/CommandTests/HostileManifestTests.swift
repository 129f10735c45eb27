import Testing

/// Manifests with bytes changed at random: nothing traps, and the counts agree with the files.
struct HostileManifestTests {
    private static let seeds = Array(UInt64(1)...8)
    private static let good = """
        device_id,ksn,quantity,bdk,kbpk,model,label,slot,key_version
        T-1,FFFF9876543210E00000,,,,Kiosk,"depot ""3"", north",,
        T-1,FFFF9876543211000003,,bdk-tdes,kbpk-aes,Kiosk,,pin,02
        K-{n:03},FFFF9876546600000000,9,,,,,,
        A-{n},1234567890123456,2,bdk-aes,kbpk-aes,"Small\u{20}one",,,

        A-9,123456789012346600000000,,bdk-aes,kbpk-aes,,,data,ZZ

        """
    /// Bytes that mean something to a reader of CSV, and some that mean nothing to anybody.
    private static let palette = Array("\",\r\n{}0:9F-+=./\\\0 \t".utf8) + [0x80, 0xC3, 0xEF, 0xFF]

    @Test(arguments: seeds)
    func `Any bytes are refused or provisioned`(_ seed: UInt64) throws {
        let workspace = try Workspace(site: true)
        var random = Generator(state: seed)
        for round in 0..<25 {
            let manifest = Self.mutated(&random)
            let options = ["provision", "-", "--output", "out\(round)", "--layout", "csv", "--keep-going", "--quiet"]
            let outcome = try workspace.ipek(options + sampleKeys, input: .bytes(manifest))
            let isMade = outcome.status == 0 || outcome.status == 1
            #expect(isMade || outcome.status == 65, "\(seed)/\(round): \(outcome)")
            #expect(workspace.exists("out\(round)") == isMade)
            #expect(!workspace.exists("out\(round).incomplete"))
            #expect(outcome.standardError.isEmpty == (outcome.status == 0), "\(seed)/\(round): \(outcome)")
            if isMade { try expectAgreement(in: "out\(round)", workspace, hasRejected: outcome.status == 1) }
        }
    }

    private func expectAgreement(in run: String, _ workspace: Workspace, hasRejected: Bool) throws {
        let counts = try workspace.shell(
            "cd \(run) && sha256sum -c --quiet SHA256SUMS && grep -c ',issued,' check-values.csv;"
                + " grep -c ',rejected,' check-values.csv; grep -A 3 '\"counts\"' run.json | tr -cd '0-9\\n'")
        let numbers = counts.standardOutput.split(separator: "\n").compactMap { Int($0) }
        try #require(numbers.count == 5)
        #expect(numbers[2] == numbers[0] + numbers[1])
        #expect(numbers[3] == numbers[0])
        #expect(numbers[4] == numbers[1])
        #expect(hasRejected == (numbers[1] > 0))
    }

    private static func mutated(_ random: inout Generator) -> [UInt8] {
        var bytes = Array(good.utf8)
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: bytes.remove(at: place)
            case 1: bytes[place] = palette.randomElement(using: &random) ?? 0
            case 2: bytes.insert(palette.randomElement(using: &random) ?? 0, at: place)
            default: bytes.insert(contentsOf: bytes[place..<min(place + 40, bytes.count)], at: place)
            }
        }
        return bytes
    }

    /// The same numbers every time (splitmix64), so that what fails can be repeated.
    private struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
            return mixed ^ mixed >> 31
        }
    }
}
