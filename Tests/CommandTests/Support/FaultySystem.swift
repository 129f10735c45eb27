import Foundation

/// A library before the C library that kills the process, or lets a call fail, at one of the calls that change files.
enum FaultySystem {
    enum Fault: String, CaseIterable {
        case kill, fail
    }

    /// What to put before a command in the shell.
    static func prefix(_ fault: Fault, at call: Int) throws -> String {
        "LD_PRELOAD=\(try library.get()) FAULT_AT=\(call) FAULT_KIND=\(fault.rawValue)"
    }

    private static let library = Result { () throws -> String in
        let path = try Workspace.scratchFolder() + "/faults.so"
        let source = Checkout.root.appending(path: "Tests/Faults/system_calls.c").path
        let compiled = try Workspace().shell("cc -shared -fPIC -o '\(path)' '\(source)'")
        guard compiled.status == 0 else { throw HarnessError("no library: \(compiled.standardError)") }
        return path
    }
}
