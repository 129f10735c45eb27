import Foundation

// Rows per second on one core, columns against a per-row loop, as JSON. Rounds are interleaved, so that a change of the
// machine's pace meets both.
//
//     ColumnBenchmark ROWS ROUNDS
//     ColumnBenchmark engines ROWS      the TDES engines by themselves, one round
//     ColumnBenchmark columns NAME ROWS one of them, for a profiler
//     ColumnBenchmark files FOLDER COUNT BYTES     files a second of a bare loop that makes as many

if CommandLine.arguments.count == 4, CommandLine.arguments[1] == "columns", let rows = Int(CommandLine.arguments[3]),
    let engine = TDESEngine.all.first(where: { $0.name == CommandLine.arguments[2] })
{
    print(try engine.rowsPerSecond(rows))
    exit(0)
}
if CommandLine.arguments.count == 5, CommandLine.arguments[1] == "files", let count = Int(CommandLine.arguments[3]),
    let size = Int(CommandLine.arguments[4]), let loop = FileLoop(folder: CommandLine.arguments[2])
{
    print(loop.filesPerSecond(count: count, byteCount: size))
    exit(0)
}
if CommandLine.arguments.count == 3, CommandLine.arguments[1] == "engines", let rows = Int(CommandLine.arguments[2]) {
    let json = try JSONSerialization.data(withJSONObject: try TDESEngine.measureAll(rows: rows))
    FileHandle.standardOutput.write(json)
    exit(0)
}

let arguments = CommandLine.arguments.dropFirst().compactMap { Int($0) }
guard arguments.count == 2, let rows = arguments.first, let rounds = arguments.last, rows > 0, rounds > 0 else {
    FileHandle.standardError.write(Data("usage: ColumnBenchmark ROWS ROUNDS\n".utf8))
    exit(64)
}

/// Rows per second of processor time, so that other processes count less.
func rate(_ work: () throws -> Void) rethrows -> Double {
    let start = clock()
    try work()
    return Double(rows) * Double(CLOCKS_PER_SEC) / Double(max(1, clock() - start))
}

var result: [String: Any] = [:]
for family in Family.allCases {
    let loop = PerRowLoop(family)
    let columns = try Columns(family)
    var sum = try columns.provision(family, devices: 0..<min(rows, 4_096))
    var (loopRates, columnRates): ([Double], [Double]) = ([], [])
    for _ in 0..<rounds {
        loopRates.append(rate { for device in 0..<rows { sum &+= Int(loop.provision(family.serialNumber(device))) } })
        columnRates.append(try rate { sum &+= try columns.provision(family, devices: 0..<rows) })
    }
    let checkValue = loop.provision(family.serialNumber(1))
    result[family.rawValue] = [
        "loop": loopRates, "columns": columnRates, "checksum": sum,
        // For the caller to open: shows that the loop does the whole work.
        "sample": [
            "serial_number": String(family.serialNumber(1), radix: 16, uppercase: true),
            "kcv": String(checkValue, radix: 16, uppercase: true),
            "key_block": loop.keyBlock,
        ],
    ]
}
let json = try JSONSerialization.data(withJSONObject: result, options: [.prettyPrinted, .sortedKeys])
FileHandle.standardOutput.write(json)
