import FoundationEssentials
import PaymentCrypto

/// What every page has around its contents: title, style, script, and the policy that lets nothing else in.
struct PageFrame {
    let title: String
    /// What the page is about: `run` or `returns`.
    let kind: String
    let isTest: Bool
    let version: String
    let style: String
    let script: String
    let styleHash: String
    let scriptHash: String

    /// - Parameters:
    ///   - foot: stands at the foot of every printed page; letters, digits, blanks and hyphens of it are taken.
    init(title: String, kind: String, foot: String, isTest: Bool, version: String) {
        (self.kind, self.isTest, self.version) = (kind, isTest, version)
        self.title = isTest ? "TEST \(title)" : title
        script = PageTemplates.script
        style = PageTemplates.style + Self.printedMargins(foot: foot, isTest: isTest)
        styleHash = Self.hash(style)
        scriptHash = Self.hash(script)
    }

    /// What follows the rows: the end of their element, and the script that reads them.
    var end: String { "</script>\n<script>\(script)</script>\n" }

    /// What stands in the margins on paper, so that no sheet can be taken for another run's, or a test's for a real one.
    private static func printedMargins(foot: String, isTest: Bool) -> String {
        let foot = String(foot.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == " " || $0 == "-") })
        let type = "font: 8pt sans-serif; color: #444"
        let test = isTest ? "@top-right { content: \"TEST\"; font: bold 9pt sans-serif }" : ""
        return """
            @page { \(test) @bottom-left { content: "\(foot)"; \(type) }
            @bottom-right { content: counter(page) " / " counter(pages); \(type) } }

            """
    }

    /// As a Content-Security-Policy names a text that is allowed (W3C CSP Level 3, 2.3.1).
    private static func hash(_ text: String) -> String {
        "sha256-" + Data(ContentDigest.sha256(text.utf8)).base64EncodedString()
    }
}
