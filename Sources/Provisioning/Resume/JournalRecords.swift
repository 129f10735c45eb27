import PaymentCrypto

/// What a run was asked for: the first line of its journal.
///
/// Whoever takes the run up asks for the same.
struct JournalOpening: Codable, Equatable, Sendable {
    /// Something that was asked for, and its value; empty where it was not given.
    struct Setting: Codable, Equatable, Sendable {
        var name: String
        var value: String

        init(_ name: String, _ value: String?) { (self.name, self.value) = (name, value ?? "") }
    }

    static let currentSchema = "ipek.journal/1"

    var schema = Self.currentSchema
    /// What the run is called.
    var run: String
    /// The version of the program.
    var tool: String
    /// When the run began, which is in its headers and what certificates are held against.
    var started: String
    var operators: [String]
    /// The options of the command line that decide what is made.
    var options: [Setting]
    /// The headers that come of options and profiles.
    var headers: [Setting]
    /// The keys by what tells them apart, whatever their names.
    var keys: [Setting]
    /// SHA-256 of the manifest.
    var manifest: String
    /// What the check of the manifest found.
    var devices: Int
    var rejectedRows: Int
    /// Stands for the devices' certificates.
    var receivers: String
}

/// What is on disk and complete: a further line of the journal.
struct JournalCommit: Codable, Equatable, Sendable {
    /// A file's first bytes that count; what is behind them is none of the run's.
    struct File: Codable, Equatable, Sendable {
        var bytes: Int
        var sha256: String
    }

    /// How many chunks of the manifest are done.
    var chunks: Int
    var issued: Int
    var rejected: Int
    /// The files by their names.
    var files: [String: File]
}
