import Facility

extension LedgerError: ExplainedError {
    var status: ExitStatus {
        switch self {
        case .newer, .corrupt, .rolledBack: .badSite
        case .locked, .full, .inputOutput, .reconciledMeanwhile: .inputOutput
        case .runMissing: .missingInput
        case .runExists: .cannotCreate
        case .wrongState, .notIssued: .refused
        }
    }

    var messages: [Message] {
        switch self {
        // Serial numbers and digests are no secret, and are told in full.
        case .notIssued, .rolledBack: [Message(ShownText.harmless(description), hint: hint)]
        default: [Message(ShownText.line(description), hint: hint)]
        }
    }

    var hint: String? {
        switch self {
        case .newer: "use the version of ipek that wrote it, or a later one"
        case .corrupt: "take the site from a backup; nothing is issued until its ledger is whole"
        case .rolledBack: "an older copy was put in its place: take the newest backup, and find out who did it"
        case .locked: "wait until the other ipek has ended, then start again"
        case .reconciledMeanwhile: "nothing was recorded; start again"
        case .inputOutput: "the ledger is as it was; look at the disk and its limits, then start again"
        case .full: "make room on the disk, then start again"
        case .runMissing: "'ipek ledger list' shows what is there"
        default: nil
        }
    }
}
