import ArgumentParser
import Facility
import PaymentCrypto
import TokenEngine

extension GlobalOptions {
    /// Opens keys that stay in a token.
    var tokens: any TokenKeys { TokenCabinet(tokenVault) }

    /// The door to the tokens of this machine; a PIN is asked for once, where the URI does not say which file has it.
    var tokenVault: TokenVault {
        let (console, mayAsk) = (console, !noInput)
        return TokenVault(
            askPIN: { token in
                var prompts = Prompts(mayAsk: mayAsk)
                return try prompts.ask(
                    for: "the user PIN of token '\(token)'", "user PIN of token '\(token)': ",
                    hint: "name a file that has it with pin-source=file:/path in the URI")
            },
            warn: { console.warn(ShownText.harmless($0)) })
    }
}

extension TokenError: ExplainedError {
    var status: ExitStatus {
        switch category {
        case .usage: .usage
        case .badInput: .badInput
        case .missing: .missingInput
        case .unavailable: .tokenUnavailable
        case .exists: .cannotCreate
        case .refused: .refused
        }
    }

    var messages: [Message] {
        switch self {
        case .tokenMissing, .slotUnavailable, .keyMissing, .severalKeys:
            [Message(ShownText.line(description), hint: hint)]
        // What the token says, not what was typed; serial numbers tell tokens of one label apart, and look like keys.
        default: [Message(ShownText.harmless(description), hint: hint)]
        }
    }
}

extension Arguments {
    /// A PKCS#11 URI.
    static func tokenURI(_ text: String) throws -> TokenURI {
        do throws(TokenURIError) { return try TokenURI(text) } catch {
            throw ValidationError([error.description, error.hint].compactMap(\.self).joined(separator: "; "))
        }
    }
}
