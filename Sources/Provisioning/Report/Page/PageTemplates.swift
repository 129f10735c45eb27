import Mustache

/// The templates of the pages, parsed once; they are part of the program.
enum PageTemplates {
    /// The page of a template, for a value whose properties have the names that the template uses.
    static func render(_ page: Any, with name: String) throws -> String {
        MustacheContentTypes.register(PageContent(), named: "PAGE")
        guard let text = try library().render(page, withTemplate: name) else { throw PageError.noTemplate(name) }
        return text
    }

    static var style: String { text(PackageResources.page_css) }
    static var script: String { text(PackageResources.page_js) }

    private static func library() throws -> MustacheLibrary {
        var library = MustacheLibrary()
        for (name, bytes) in sources { try library.register(text(bytes), named: name) }
        return library
    }

    private static var sources: [(String, [UInt8])] {
        [
            ("head", PackageResources.head_mustache), ("bar", PackageResources.bar_mustache),
            ("groups", PackageResources.groups_mustache), ("provenance", PackageResources.provenance_mustache),
            ("rows", PackageResources.rows_mustache), ("run", PackageResources.run_mustache),
            ("reconciliation", PackageResources.reconciliation_mustache),
        ]
    }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}

/// Why a page cannot be made; both are faults of the program.
enum PageError: Error, Equatable {
    case noTemplate(String)
}

/// Text in a page, between tags or in a quoted attribute.
///
/// The library's own escaping goes by characters, and a quotation mark with a combining accent is another character to it
/// than one without; a browser goes by code points.
struct PageContent: MustacheContentType {
    func escapeText(_ text: String) -> String {
        var escaped = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if let entity = Self.entity(scalar) {
                escaped.append(contentsOf: entity.unicodeScalars)
            } else {
                escaped.append(Self.isShown(scalar) ? scalar : "\u{FFFD}")
            }
        }
        return String(escaped)
    }

    private static func entity(_ scalar: Unicode.Scalar) -> String? {
        switch scalar {
        case "<": "&lt;"
        case ">": "&gt;"
        case "&": "&amp;"
        case "\"": "&quot;"
        case "'": "&#39;"
        default: nil
        }
    }

    /// Neither a control character nor one that turns the direction of what follows: a page must not read otherwise than
    /// it is (Unicode Technical Standard 39, and CVE-2021-42574 for what the latter are used for).
    private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A: true
        case 0..<0x20, 0x7F..<0xA0, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: false
        default: true
        }
    }
}
