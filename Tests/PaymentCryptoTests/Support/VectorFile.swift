import Foundation

/// A file of known answers: the project's own under Tests/Vectors, and the research folder's beside the repository.
struct VectorFile: CustomStringConvertible, Sendable {
    let url: URL

    var description: String { url.lastPathComponent + " in " + url.deletingLastPathComponent().lastPathComponent }

    /// The rows of a JSON file; its `key_block` is `keyBlock` here.
    func rows<Row: Decodable>(of type: Row.Type = Row.self) throws -> [Row] {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode([Row].self, from: Data(contentsOf: url))
    }

    /// The project's own file of this name.
    static func own(_ name: String) -> VectorFile {
        VectorFile(url: repository.appendingPathComponent("Tests/Vectors").appendingPathComponent(name))
    }

    /// The file in the research folder, or nil, loudly, where that folder is absent.
    static func shared(_ name: String) -> VectorFile? {
        let url = repository.deletingLastPathComponent()
            .appendingPathComponent("shared/vectors").appendingPathComponent(name)
        guard FileManager.default.fileExists(atPath: url.path) else {
            print("SKIPPED: ../shared/vectors/\(name) is not there; only the project's own vectors were run")
            return nil
        }
        return VectorFile(url: url)
    }

    /// Both, as far as they are there.
    static func all(_ name: String) -> [VectorFile] { [own(name)] + [shared(name)].compactMap(\.self) }

    private static let repository = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
}
