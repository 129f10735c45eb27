import Foundation
import PaymentCrypto

/// What `run.json` says of a run: who, what, when, under which keys, how many.
public struct RunRecord: Codable, Sendable {
    /// A key as the record names it: never its value.
    public struct Key: Codable, Sendable {
        /// What it is called.
        public internal(set) var name: String
        /// As reports write it.
        public internal(set) var algorithm: String
        /// Its check value at full length.
        public internal(set) var kcv: String
        var kcvAlgorithm: String
    }

    /// The header of the key blocks.
    public struct Header: Codable, Sendable {
        var keyUsage = "B1"
        var modeOfUse: String
        /// Every version that was made: B under TDES and D under AES keys, unless one was asked for; missing for tokens.
        var keyBlockVersions: [String]?
        var keyVersion: String
        var exportability: String
        var optionalBlocks: [String]
        /// Missing for tokens.
        var lengthObfuscation: Bool?
        /// The header profile that it comes from, if any.
        var profile: String?
    }

    /// Who signs the tokens.
    public struct Signer: Codable, Sendable {
        /// What the key is called.
        public internal(set) var name: String
        /// Its size.
        public internal(set) var algorithm: String
        /// Whose it is, by its certificate.
        public internal(set) var certificateSubject: String
        var certificateSha256: String
    }

    /// Whom the certificates of the devices descend from.
    public struct Receivers: Codable, Sendable {
        /// The anchor's name, where it is enrolled.
        var anchor: String?
        var anchorSha256: [String]
        /// Whether anybody looked for certificates that were revoked.
        public internal(set) var revocationChecked: Bool
    }

    /// The manifest as it was read.
    public struct Manifest: Codable, Sendable {
        /// What it is called.
        public internal(set) var name: String
        var sha256: String
        var rows: Int
    }

    /// How many devices there were and what became of them; `issued` and `rejected` sum to `devices`.
    public struct Counts: Codable, Sendable {
        /// Rows count once where they were refused.
        public internal(set) var devices = 0
        /// Devices that have a key block.
        public internal(set) var issued = 0
        /// Rows that were refused.
        public internal(set) var rejected = 0
    }

    /// The program that made the run.
    public struct Tool: Codable, Sendable {
        /// What it is called.
        public internal(set) var name = "ipek"
        var version: String
    }

    /// Where the time went; the stages of the second pass overlap, so they do not sum to the elapsed time.
    public struct Timings: Codable, Sendable {
        /// From the first byte read to the folder's name, seconds of the clock.
        var elapsedSeconds = 0.0
        /// The first pass: reading, checking every row, finding duplicates.
        var checkSeconds = 0.0
        /// Reading and CSV grammar in the second pass.
        var readSeconds = 0.0
        /// Checking rows again in the second pass, summed over the workers.
        var validateSeconds = 0.0
        /// Deriving, wrapping and check values, summed over the workers.
        var cryptographySeconds = 0.0
        /// Writing text and, where each device has a file, the files; summed over the workers.
        var formatSeconds = 0.0
        /// In-order writing and digests.
        var writeSeconds = 0.0
        /// Bringing everything to disk at the end.
        var syncSeconds = 0.0
        /// Counting for the page, and writing it.
        var reportSeconds = 0.0
        /// Looking in the ledger, reserving, and the site's index of the run.
        ///
        /// Without the transaction that ends the run, for which the record must be written.
        var ledgerSeconds = 0.0
    }

    var schema = Self.currentSchema
    /// The start of the run and random digits.
    public internal(set) var runId: String
    var tool: Tool
    /// Test or production.
    public internal(set) var environment: String
    var started: String
    var ended: String
    var manifest: Manifest
    /// The base derivation keys of the run.
    public internal(set) var bdk: [Key]
    /// The wrapping keys of the run.
    public internal(set) var kbpk: [Key]
    /// Of rows that name no profile.
    ///
    /// Missing where none travels.
    var header: Header?
    /// Of rows that name one; missing where none does.
    var profiles: [Header]?
    /// `tr31`, `tr34` or `rsa-oaep`.
    public internal(set) var transport: String
    /// The form of tokens.
    var tr34Profile: String?
    /// The hash of cryptograms, of OAEP and of its mask alike.
    var oaepHash: String?
    /// Of tokens.
    public internal(set) var kdh: Signer?
    /// Of tokens and cryptograms.
    public internal(set) var receivers: Receivers?
    /// How the key blocks are laid out.
    public internal(set) var layout: Layout
    var kcvAlgorithm: String?
    var kcvBytes: Int?
    /// Where one was asked for.
    var tdesEngine: String?
    var operators: [String]
    var note: String?
    /// Why numbers were issued again to the devices that had them; missing where none was.
    var again: String?
    var jobs: Int
    /// How many devices there were.
    public internal(set) var counts: Counts
    var notices: [String]
    var timings: Timings

    private static let currentSchema = "ipek.run/1"

    /// The record as one JSON document, keys in a fixed order, with a line end.
    public func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }
}

extension RunRecord {
    /// Reads a record as ``json()`` writes it; nil for anything that is none.
    init?(json text: [UInt8]) {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        guard let record = try? decoder.decode(RunRecord.self, from: Data(text)), record.schema == Self.currentSchema
        else { return nil }
        self = record
    }
}
