import Foundation
import Synchronization
import Testing

@testable import Provisioning

@Suite("Pipeline")
struct PipelineTests {
    private final class Chunk {
        var number = 0
        var result = 0
    }

    private final class Worker {
        var count = 0
    }

    private enum Failure: Error, Equatable {
        case read(Int)
        case work(Int)
        case deliver(Int)
    }

    /// Squares the numbers from 1 to `total`; what was delivered, in order, and the error if there was one.
    private func square(
        total: Int, chunks: Int, workers: Int, failing: Failure? = nil
    ) -> (delivered: [Int], failure: Failure?) {
        let pipeline = Pipeline(
            chunks: (0..<chunks).map { _ in Chunk() }, workers: (0..<workers).map { _ in Worker() })
        var next = 0
        var delivered: [Int] = []
        do {
            try pipeline.run(
                read: { chunk in
                    next += 1
                    if failing == .read(next) { throw Failure.read(next) }
                    chunk.number = next
                    return next <= total
                },
                work: { worker, chunk in
                    worker.count += 1
                    // Later chunks are often done before earlier ones.
                    usleep(chunk.number.isMultiple(of: 3) ? 300 : 0)
                    if failing == .work(chunk.number) { throw Failure.work(chunk.number) }
                    chunk.result = chunk.number * chunk.number
                },
                deliver: { chunk in
                    if failing == .deliver(chunk.number) { throw Failure.deliver(chunk.number) }
                    delivered.append(chunk.result)
                })
            return (delivered, nil)
        } catch {
            return (delivered, error as? Failure)
        }
    }

    @Test("delivers everything in order, whatever the number of workers and chunks", arguments: [1, 2, 7], [1, 2, 9])
    func deliversInOrder(workers: Int, chunks: Int) {
        let (delivered, failure) = square(total: 200, chunks: chunks, workers: workers)
        #expect(failure == nil)
        #expect(delivered == (1...200).map { $0 * $0 })
    }

    @Test("an error in any stage stops the run after the chunks before it", arguments: [1, 2, 7])
    func stopsAtTheFirstError(workers: Int) {
        for failing in [Failure.work(50), .deliver(50)] {
            let (delivered, failure) = square(total: 200, chunks: 4, workers: workers, failing: failing)
            #expect(failure == failing)
            #expect(delivered == (1..<50).map { $0 * $0 })
        }
        let (delivered, failure) = square(total: 200, chunks: 4, workers: workers, failing: .read(50))
        #expect(failure == .read(50))
        #expect(delivered == (1..<50).map { $0 * $0 })
    }

    @Test("nothing to read is nothing to deliver")
    func readsNothing() {
        let (delivered, failure) = square(total: 0, chunks: 3, workers: 3)
        #expect(failure == nil)
        #expect(delivered.isEmpty)
    }
}
