import CLinux
import Facility
import Glibc

/// The machine: what may keep memory, who may look at it, and what time it is.
enum MachineChecks {
    static func swap(_: DoctorSubject) -> [Finding] {
        // The first line is the heading.
        guard let lines = SystemFile.lines("/proc/swaps")?.dropFirst() else { return [] }
        let devices = lines.compactMap { $0.split(separator: " ").first.map(String.init) }
        guard !devices.isEmpty else { return [Finding("swap", .ok, "there is none")] }
        return devices.map { device in
            if device.hasPrefix("/dev/zram") { return Finding("swap", .notice, "\(device) keeps its pages in memory") }
            if isEncrypted(device) { return Finding("swap", .ok, "\(device) is encrypted") }
            return Finding(
                "swap", .warning,
                "\(device) is in use; what is not locked in memory, such as key schedules, can get there",
                remedy: "swapoff -a, and take it out of /etc/fstab; or encrypt it with a random key (/etc/crypttab)")
        }
    }

    private static func isEncrypted(_ device: String) -> Bool {
        guard let real = realpath(device, nil) else { return false }
        defer { free(real) }
        let name = String(cString: real).split(separator: "/").last.map(String.init) ?? ""
        return SystemFile.lines("/sys/block/\(name)/dm/uuid")?.first?.hasPrefix("CRYPT-") == true
    }

    static func corePattern(_: DoctorSubject) -> [Finding] {
        guard let pattern = SystemFile.lines("/proc/sys/kernel/core_pattern")?.first else { return [] }
        guard pattern.hasPrefix("|") else {
            return [
                Finding("core pattern", .ok, "core dumps would go to a file ('\(pattern)'); this process makes none")
            ]
        }
        return [
            Finding(
                "core pattern", .notice,
                "core dumps go to a program ('\(pattern)'), whatever the limit; this process makes none",
                remedy: "on a machine for keys alone: sysctl kernel.core_pattern=core")
        ]
    }

    static func debuggers(_: DoctorSubject) -> [Finding] {
        let path = "/proc/sys/kernel/yama/ptrace_scope"
        let scope = SystemFile.lines(path)?.first.flatMap { Int($0) }
        guard scope ?? 0 < 1 else { return [Finding("debuggers", .ok, "ptrace scope is \(scope ?? 0)")] }
        return [
            Finding(
                "debuggers", .notice,
                "\(scope == nil ? "there is no ptrace scope" : "ptrace scope is 0"): processes of a user may look at each "
                    + "other; nobody but root may look at this one",
                remedy: scope == nil ? nil : "sysctl kernel.yama.ptrace_scope=1")
        ]
    }

    static func processor(_: DoctorSubject) -> [Finding] {
        let lines = SystemFile.lines("/proc/cpuinfo") ?? []
        let flags = lines.first { $0.hasPrefix("flags") || $0.hasPrefix("Features") }
        guard flags?.split(separator: " ").contains("aes") == true else {
            return [
                Finding(
                    "processor", .warning, "it has no AES instructions: AES is slow, and its timing may tell of keys",
                    remedy: "use another machine, or one that runs nothing else")
            ]
        }
        return [Finding("processor", .ok, "it has AES instructions")]
    }

    /// Without a site there is nothing to compare with.
    static func clock(_ subject: DoctorSubject) -> [Finding] {
        var now = time(nil)
        var parts = tm()
        guard gmtime_r(&now, &parts) != nil else { return [] }
        var text = [CChar](repeating: 0, count: 32)
        let length = strftime(&text, text.count, "%Y-%m-%dT%H:%M:%SZ", &parts)
        let shown = String(decoding: text[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        // All are written the same way, so the order of text is the order of time.
        guard let known = knownTimes(subject).max(by: { $0.time < $1.time }), known.time > shown else {
            return [Finding("clock", .ok, "it says \(shown)")]
        }
        return [
            Finding(
                "clock", .error, "it says \(shown), but \(known.event) at \(ShownText.harmless(known.time))",
                remedy: "set it: report, run record, audit log and TS blocks carry its time")
        ]
    }

    /// What has happened already, by the site's own account.
    private static func knownTimes(_ subject: DoctorSubject) -> [(event: String, time: String)] {
        guard let site = try? subject.site.get() else { return [] }
        let lastEvent = (try? site.lastAuditTime()) ?? nil
        return [("the site was made", site.created)] + (lastEvent.map { [("the audit log was written", $0)] } ?? [])
    }

    static func synchronisation(_: DoctorSubject) -> [Finding] {
        guard ipek_clock_is_synchronised() == 0 else {
            return [Finding("clock source", .ok, "the clock is synchronised")]
        }
        return [
            Finding(
                "clock source", .notice, "nothing synchronises the clock, as on a machine that stands alone",
                remedy: "compare it with a clock that is right before a run, and write the difference down")
        ]
    }
}

/// Files of the kernel that tell something.
enum SystemFile {
    /// The lines of a small file; nil where there is none.
    static func lines(_ path: String) -> [String]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var (bytes, buffer) = ([UInt8](), [UInt8](repeating: 0, count: 1 << 14))
        while bytes.count < 1 << 20 {
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { break }
            bytes += buffer[..<count]
        }
        return String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).map { line in
            // Columns are parted by blanks or tabs.
            String(line.map { $0 == "\t" ? " " : $0 })
        }
    }
}
