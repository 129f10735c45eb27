import Foundation
import PaymentCrypto
import TokenEngine

// Rows per second with keys in the token that IPEK_TOKEN_URI means, columns against calls for each device, as JSON.
// Rounds are interleaved, so that a change of the machine's pace meets both.
//
//     TokenBenchmark ROWS ROUNDS

let arguments = CommandLine.arguments.dropFirst().compactMap { Int($0) }
guard arguments.count == 2, let rows = arguments.first, let rounds = arguments.last, rows > 0, rounds > 0,
    let text = ProcessInfo.processInfo.environment["IPEK_TOKEN_URI"]
else {
    FileHandle.standardError.write(Data("usage: IPEK_TOKEN_URI=URI TokenBenchmark ROWS ROUNDS\n".utf8))
    exit(64)
}

/// Rows per second of real time, since a token may be elsewhere.
func rate(_ rows: Int, _ work: () throws -> Void) rethrows -> Double {
    let elapsed = try ContinuousClock().measure(work)
    return Double(rows) / (elapsed / .seconds(1))
}

let token = try TokenURI(text)
let vault = TokenVault { _ in
    SecretLine()
} warn: { _ in
}
var result: [String: [String: [Double]]] = [:]
for family in ["tdes", "aes"] {
    let fleet = try Fleet(family: family, vault: vault, token: token)
    let columns = try TokenColumns(fleet, vault: vault)
    let calls = try CallPerDevice(fleet, vault: vault)
    // Slow enough that a tenth of the rows tells.
    let fewer = max(rows / 10, 1)
    var rates: [String: [Double]] = ["columns": [], "calls": []]
    for _ in 0..<rounds {
        rates["columns"]?.append(try rate(rows) { try columns.provision(devices: 0..<rows) })
        rates["calls"]?.append(try rate(fewer) { try calls.provision(devices: 0..<fewer) })
    }
    guard try fleet.check(columns.lastKeyBlock, device: rows - 1),
        try fleet.check(calls.lastKeyBlock, device: fewer - 1)
    else {
        FileHandle.standardError.write(Data("the token gave a wrong key\n".utf8))
        exit(70)
    }
    result[family] = rates
}
let json = try JSONSerialization.data(withJSONObject: result, options: [.prettyPrinted, .sortedKeys])
FileHandle.standardOutput.write(json)
