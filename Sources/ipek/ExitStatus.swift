/// What the shell is told; the numbers are those of sysexits.h where it has one.
enum ExitStatus: Int32, Sendable {
    /// All done.
    case done = 0
    /// Finished, but rows were rejected or a difference was found.
    case finishedWithRejections = 1
    /// The command line is wrong, or a prompt was needed and not possible.
    case usage = 64
    /// An input is bad.
    case badInput = 65
    /// An input, key name or site is missing.
    case missingInput = 66
    /// A token cannot be used.
    case tokenUnavailable = 69
    /// The self-test failed, or the program is wrong.
    case internalFailure = 70
    /// An output or a name exists, or cannot be made.
    case cannotCreate = 73
    /// Reading or writing failed.
    case inputOutput = 74
    /// Refused: passphrase, check value, role, policy, strength.
    case refused = 77
    /// The site's own files are bad.
    case badSite = 78
    /// SIGINT.
    case interrupted = 130
}
