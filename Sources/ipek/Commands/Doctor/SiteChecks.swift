import Facility
import Glibc

/// The site: whether it can be read, and by whom else.
enum SiteChecks {
    static func site(_ subject: DoctorSubject) -> [Finding] {
        do {
            let site = try subject.site.get()
            _ = try subject.keyring.get()
            return [
                Finding(
                    "site", .ok,
                    "\(site.path) is a \(site.environment.rawValue) site; \(site.quorum) of \(site.custodianCount) open it"
                )
            ]
        } catch FacilityError.siteMissing(let path) {
            return [
                Finding(
                    "site", .notice, "there is none at \(path)",
                    remedy: "name one with --site or IPEK_SITE, or make one with 'ipek init'")
            ]
        } catch FacilityError.exposed {
            // What others can reach is said file by file.
            return []
        } catch {
            return [Finding("site", .error, "\(error)", remedy: "take the file from a backup")]
        }
    }

    static func files(_ subject: DoctorSubject) -> [Finding] {
        if case .failure(let error as FacilityError) = subject.site, case .siteMissing = error { return [] }
        do {
            let exposures = try Site.exposures(at: subject.sitePath)
            guard !exposures.isEmpty else {
                return [Finding("site files", .ok, "they are their owner's, and closed to everybody else")]
            }
            return exposures.map { Finding("site files", .error, "\($0)", remedy: $0.remedy) }
        } catch {
            return [Finding("site files", .error, "\(error)", remedy: "look at the folder's owner and mode")]
        }
    }
}

/// Room on the disks that a run writes to.
enum SpaceChecks {
    /// A million devices take about 350 MB.
    private static let sufficientByteCount: UInt64 = 1 << 30

    static func space(_ subject: DoctorSubject) -> [Finding] {
        var findings = [finding("the current folder", at: ".")]
        if (try? subject.site.get()) != nil { findings.append(finding("the site's folder", at: subject.sitePath)) }
        return findings.compactMap { $0 }
    }

    private static func finding(_ place: String, at path: String) -> Finding? {
        var information = statvfs()
        guard statvfs(path, &information) == 0 else { return nil }
        guard information.f_flag & UInt(ST_RDONLY) == 0 else {
            return Finding(
                "space", .warning, "\(place) is on a disk that cannot be written", remedy: "mount it for writing")
        }
        let (free, isTooMuch) = UInt64(information.f_bavail).multipliedReportingOverflow(
            by: UInt64(information.f_frsize))
        let found = "\(place) has \(isTooMuch ? "any number of" : String(free >> 20)) MiB free"
        guard free < sufficientByteCount, !isTooMuch else { return Finding("space", .ok, found) }
        return Finding(
            "space", .warning, found, remedy: "make room: a million devices take about 350 MB, as many files, and more")
    }
}
