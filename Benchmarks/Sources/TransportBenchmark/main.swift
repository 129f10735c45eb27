import Foundation
import PaymentCrypto

// TR-34 tokens for each second, as JSON: on one core beside bare signatures, and with two workers beside one.
//
//     TransportBenchmark rsa-2048|rsa-3072|rsa-4096 SECONDS

let arguments = Array(CommandLine.arguments.dropFirst())
guard arguments.count == 2, let size = RSAKeySize(rawValue: arguments[0]), let seconds = Double(arguments[1]) else {
    FileHandle.standardError.write(Data("usage: TransportBenchmark rsa-2048|rsa-3072|rsa-4096 SECONDS\n".utf8))
    exit(64)
}

/// How often each of two pieces of work is done for each second of this thread's processor time.
///
/// In turns of a twentieth of a second, so that a change of the machine's pace meets both.
func rates(
    _ first: @escaping (Int) throws -> Int, _ second: @escaping (Int) throws -> Int
) throws -> (Double, Double) {
    var (counts, times, sum) = ([0, 0], [0.0, 0.0], 0)
    while times[0] + times[1] < 2 * seconds {
        for (index, work) in [first, second].enumerated() {
            let start = threadSeconds()
            while threadSeconds() - start < 0.05 {
                sum &+= try work(counts[index])
                counts[index] += 1
            }
            times[index] += threadSeconds() - start
        }
    }
    precondition(sum > 0)
    return (Double(counts[0]) / times[0], Double(counts[1]) / times[1])
}

func threadSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

@Sendable func wallSeconds() -> Double { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 }

let fixture = try Fixture(size: size)

/// All tokens of some workers in a span of time by the clock on the wall.
func wallRate(workers: Int) -> Double {
    // Unsafe: each worker writes its own element, and they are read when all are done.
    nonisolated(unsafe) let counts = UnsafeMutableBufferPointer<Int>.allocate(capacity: workers)
    defer { counts.deallocate() }
    let start = wallSeconds()
    DispatchQueue.concurrentPerform(iterations: workers) { worker in
        counts[worker] = 0
        while wallSeconds() - start < seconds, (try? fixture.makeToken(counts[worker])) != nil { counts[worker] += 1 }
    }
    return Double(counts.reduce(0, +)) / (wallSeconds() - start)
}

let message = [UInt8](repeating: 0x31, count: 200)
_ = try fixture.makeToken(0)
let (signatures, tokens) = try rates({ _ in try fixture.makeSignature(message) }, fixture.makeToken)
let result = [
    "signatures": signatures, "tokens": tokens,
    "one_worker": wallRate(workers: 1), "two_workers": wallRate(workers: 2),
]
print(String(decoding: try JSONSerialization.data(withJSONObject: result, options: .sortedKeys), as: UTF8.self))
