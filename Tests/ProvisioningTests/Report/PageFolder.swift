import Foundation

@testable import Provisioning

/// A folder for pages, which goes with it.
final class PageFolder {
    let folder: OutputFolder

    init() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("ipek-page-\(UUID().uuidString)").path
        folder = try OutputFolder(path)
    }
}
