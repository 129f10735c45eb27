import ArgumentParser
import Facility
import Glibc
import PaymentCrypto

/// Copies the whole site into one file.
struct SiteBackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Writes the whole site into one new file.",
        discussion: """
            Keys stay sealed as they are in the site. Nobody else can change the site meanwhile. Keep the audit head \
            that is printed: against it an older copy shows ('ipek audit verify --head').
            """)

    @Argument(help: "The file to make; it must not exist.")
    var file: String

    @OptionGroup var global: GlobalOptions

    private struct Report: Encodable {
        let file: String
        let sha256: String
        let auditHead: String?

        enum CodingKeys: String, CodingKey {
            case file, sha256
            case auditHead = "audit_head"
        }
    }

    func run() throws {
        let (digest, head) = try global.audited("site backup") { site, event in
            let head = try site.auditHead()
            let digest = try site.backUp(to: file)
            event.add(fact: "content_sha256", digest.description)
            return (digest, head)
        }
        global.console.notice(ShownText.harmless("the site is in \(file)"))
        if let head { global.console.notice("audit head in it \(head)") }
        guard global.json else { return }
        try global.console.write(Report(file: file, sha256: digest.description, auditHead: head?.description))
    }
}

/// Makes a site of a backup.
struct SiteRestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Makes the site again from a backup; what was altered is refused.",
        discussion: """
            The site's folder must not exist. What was done after the backup is not in it: the audit log of the restored \
            site says so from now on, and 'ipek audit verify --head' shows it against a newer head.
            """)

    @Argument(help: "The file that 'ipek site backup' made.")
    var file: String

    @OptionGroup var global: GlobalOptions

    func run() throws {
        let restored = try unpack()
        var reader = global.passphrases
        let opened = try global.unlock(restored.site, with: &reader)
        let digest = try restored.place(openedAs: opened.site, backup: file)
        let site = try global.readSite()
        try recordRestoration(digest, opened.secrets, site)
        global.console.notice(ShownText.harmless("the site is at \(site.path) again"))
        if global.json { try global.console.write(try SiteReport(site)) }
    }

    private func unpack() throws -> RestoredSite {
        do throws(FacilityError) { return try RestoredSite(file, to: global.sitePath) } catch {
            if case .file(let failure) = error, failure.path == file, failure.code == ENOENT {
                throw CommandFailure(missing: failure)
            }
            throw error
        }
    }

    private func recordRestoration(
        _ digest: SHA256Digest, _ secrets: borrowing CustodianSecrets, _ site: Site
    ) throws {
        let opened = try site.unlock(with: secrets)
        var event = global.event("site restore")
        event.add(fact: "content_sha256", digest.description)
        do { try global.record(&event, in: opened) } catch let failure as UnrecordedEvent {
            throw UnrecordedEvent(
                event: failure.event, failure: failure.failure, happened: "is done, but the audit log cannot take it",
                hint: "see to the audit log at once")
        }
    }
}
