import Foundation
import Glibc

/// One run of a program, as the shell starts it: nothing is inherited but what is given here.
struct Invocation {
    /// What the program reads on its standard input.
    enum Input {
        case nothing
        case bytes([UInt8])
        /// Made while the program reads, so that it need not fit into memory.
        case stream(@Sendable (_ write: (UnsafeRawBufferPointer) -> Bool) -> Void)
    }

    var arguments: [String]
    var folder: String
    var environment: [String: String] = [:]
    var input = Input.nothing
    /// Called again and again while the program runs, with its process number, until it answers true.
    var meanwhile: (pid_t) -> Bool = { _ in true }
    /// A program that takes longer than this is killed, and the test fails.
    var secondsAllowed = 150.0

    /// What came of it.
    struct Outcome {
        /// The exit status, or nil for a program that a signal ended.
        var status: Int32?
        /// The signal that ended it, such as a trap.
        var endedBy: Int32?
        var standardOutput: String
        var standardError: String
        /// The most memory that it had at one time, in KiB.
        ///
        /// The kernel's own account of a child begins with its parent's size, so this is what the process said of itself
        /// while it ran.
        var peakMemory: Int
    }

    /// Runs the program to its end.
    func run() throws -> Outcome {
        let scratch = try Workspace.scratchFolder()
        defer { try? FileManager.default.removeItem(atPath: scratch) }
        let (outputPath, errorPath) = ("\(scratch)/stdout", "\(scratch)/stderr")
        let (input, feeder) = try openInput(scratch)
        let started = Date()
        let child = try spawn(input: input, output: outputPath, error: errorPath)
        close(input)
        feeder?.start()
        var (peak, status, isDone) = (0, Int32(0), false)
        while waitpid(child, &status, WNOHANG) == 0 {
            peak = max(peak, Self.memory(of: child))
            isDone = isDone || meanwhile(child)
            if Date().timeIntervalSince(started) > secondsAllowed {
                kill(-child, SIGKILL)
                waitpid(child, &status, 0)
                throw HarnessError("'\(arguments.joined(separator: " "))' took more than \(secondsAllowed) s")
            }
            usleep(4_000)
        }
        let exited = status & 0x7F == 0
        return Outcome(
            status: exited ? (status >> 8) & 0xFF : nil, endedBy: exited ? nil : status & 0x7F,
            standardOutput: try Self.text(outputPath), standardError: try Self.text(errorPath),
            peakMemory: peak)
    }

    private func openInput(_ scratch: String) throws -> (Int32, Thread?) {
        switch input {
        case .nothing: return (open("/dev/null", O_RDONLY | O_CLOEXEC), nil)
        case .bytes(let bytes):
            let path = "\(scratch)/stdin"
            try Data(bytes).write(to: URL(filePath: path))
            return (open(path, O_RDONLY | O_CLOEXEC), nil)
        case .stream(let make):
            // A pipe with a name, since one without cannot be kept from programs that other tests start meanwhile.
            let path = "\(scratch)/stdin"
            guard mkfifo(path, 0o600) == 0 else { throw HarnessError("no pipe can be made") }
            let readEnd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
            let writeEnd = open(path, O_WRONLY | O_CLOEXEC)
            _ = fcntl(readEnd, F_SETFL, 0)
            // A program that stops reading ends the stream, not the tests.
            Glibc.signal(SIGPIPE, SIG_IGN)
            let thread = Thread {
                make { bytes in Glibc.write(writeEnd, bytes.baseAddress, bytes.count) == bytes.count }
                close(writeEnd)
            }
            return (readEnd, thread)
        }
    }

    private func spawn(input: Int32, output: String, error: String) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, error, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var defaults = sigset_t()
        sigfillset(&defaults)
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        // A thread of Dispatch's blocks most signals, and a child would inherit that.
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        // A session of its own has no terminal: nobody can be asked for anything. Both programs become the next one.
        let whole = ["/usr/bin/env", "-C", folder, "/usr/bin/setsid"] + arguments
        var (argv, envp) = (whole.map { strdup($0) } + [nil], environment.map { strdup("\($0)=\($1)") } + [nil])
        defer { (argv + envp).forEach { free($0) } }
        var child: pid_t = 0
        let code = posix_spawn(&child, whole[0], &actions, &attributes, &argv, &envp)
        guard code == 0 else { throw HarnessError("\(whole[0]) cannot be run: \(String(cString: strerror(code)))") }
        return child
    }

    private static func memory(of process: pid_t) -> Int {
        guard let text = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8),
            let line = text.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") })
        else { return 0 }
        return line.split(separator: " ").compactMap { Int($0) }.first ?? 0
    }

    private static func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
    }
}
