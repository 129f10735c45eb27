import Foundation

/// This checkout and what is tested of it.
enum Checkout {
    /// The repository's folder.
    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static let samples = root.appending(path: "samples").path

    static let transcripts = root.appending(path: "Tests/CommandTests/Transcripts").path

    /// The built command: `IPEK_BINARY`, else what `make release` leaves.
    static let binary = ProcessInfo.processInfo.environment["IPEK_BINARY"] ?? root.appending(path: ".build/ipek").path
}

/// Something that the tests themselves need is missing or wrong.
struct HarnessError: Error, Equatable, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
