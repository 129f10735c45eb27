import Dispatch
import Synchronization

/// Takes chunks through three stages: read one after the other, worked on in parallel, delivered in the order read.
///
/// There are as many chunks as were given, and they go round; so memory is bounded and a slow stage slows the others.
/// Reading happens on the calling thread, each worker has a serial queue, and delivery has one. A chunk belongs to one
/// stage at a time. One worker is one thread: all three stages run on the calling one. The results are the same for any
/// number of workers and chunks.
final class Pipeline<Chunk: AnyObject, Worker: AnyObject> {
    private let chunks: [Chunk]
    private let workers: [Worker]

    init(chunks: [Chunk], workers: [Worker]) {
        precondition(!chunks.isEmpty && !workers.isEmpty)
        self.chunks = chunks
        self.workers = workers
    }

    /// Runs until `read` returns false or a stage throws; then the error of the earliest chunk is thrown.
    ///
    /// Every chunk before the failed one has been delivered, none after it.
    func run(
        read: (Chunk) throws -> Bool, work: @escaping (Worker, Chunk) throws -> Void,
        deliver: @escaping (Chunk) throws -> Void
    ) throws {
        if workers.count == 1 { return try runAlone(read: read, work: work, deliver: deliver) }
        let line = AssemblyLine(chunks: chunks, workers: workers, work: work, deliver: deliver)
        var readingError: (any Error)?
        do {
            while let chunk = line.takeFree(), try read(chunk) { line.submit(chunk) }
        } catch {
            readingError = error
        }
        try line.finish()
        if let readingError { throw readingError }
    }

    private func runAlone(
        read: (Chunk) throws -> Bool, work: (Worker, Chunk) throws -> Void, deliver: (Chunk) throws -> Void
    ) throws {
        while try read(chunks[0]) {
            try work(workers[0], chunks[0])
            try deliver(chunks[0])
        }
    }
}

/// The state of one run.
///
/// Everything that changes is inside the mutex.
// Unchecked: chunks and workers are handed from one serial queue to the next and never shared, and the closures are
// called from one queue each (`work` with a worker of its own).
private final class AssemblyLine<Chunk: AnyObject, Worker: AnyObject>: @unchecked Sendable {
    private struct State: Sendable {
        var free: [Handoff<Chunk>]
        /// Finished chunks that wait for an earlier one.
        var finished: [Int: Result<Handoff<Chunk>, any Error>] = [:]
        var nextToDeliver = 0
        var failure: (any Error)?
    }

    private let state: Mutex<State>
    private let freeCount: DispatchSemaphore
    private let workers: [Worker]
    private let workQueues: [DispatchQueue]
    private let deliveryQueue = DispatchQueue(label: "ipek.delivery", qos: .userInitiated)
    private let work: (Worker, Chunk) throws -> Void
    private let deliver: (Chunk) throws -> Void
    private var submitted = 0  // touched by the reading thread only

    init(
        chunks: [Chunk], workers: [Worker], work: @escaping (Worker, Chunk) throws -> Void,
        deliver: @escaping (Chunk) throws -> Void
    ) {
        state = Mutex(State(free: chunks.map { Handoff($0) }))
        // Counted up from zero: a semaphore that ends below the value it was made with would trap.
        freeCount = DispatchSemaphore(value: 0)
        for _ in chunks { freeCount.signal() }
        self.workers = workers
        workQueues = workers.indices.map { DispatchQueue(label: "ipek.worker.\($0)", qos: .userInitiated) }
        self.work = work
        self.deliver = deliver
    }

    /// A chunk that nobody uses; waits for one.
    ///
    /// Nil once a stage has failed.
    func takeFree() -> Chunk? {
        freeCount.wait()
        let handoff = state.withLock { $0.failure == nil ? $0.free.popLast() : nil }
        if handoff == nil { freeCount.signal() }
        return handoff?.value
    }

    func submit(_ chunk: Chunk) {
        let sequence = submitted
        submitted += 1
        let worker = sequence % workers.count
        let handoff = Handoff(chunk)
        workQueues[worker].async { [self] in
            let outcome = Result {
                try work(workers[worker], handoff.value)
                return handoff
            }
            state.withLock { $0.finished[sequence] = outcome }
            deliveryQueue.async { [self] in deliverFinished() }
        }
    }

    /// Waits until every chunk has been delivered or dropped.
    func finish() throws {
        // Reading has stopped: of the chunks that were not submitted, one at most is still with the reader.
        for queue in workQueues { queue.sync {} }
        deliveryQueue.sync {}
        if let failure = state.withLock({ $0.failure }) { throw failure }
    }

    private func deliverFinished() {
        while let outcome = takeNext() {
            do {
                let handoff = try outcome.get()
                if state.withLock({ $0.failure == nil }) { try deliver(handoff.value) }
                state.withLock { $0.free.append(handoff) }
            } catch {
                state.withLock { if $0.failure == nil { $0.failure = error } }
            }
            freeCount.signal()
        }
    }

    private func takeNext() -> Result<Handoff<Chunk>, any Error>? {
        state.withLock { state in
            guard let outcome = state.finished.removeValue(forKey: state.nextToDeliver) else { return nil }
            state.nextToDeliver += 1
            return outcome
        }
    }

}

/// Carries a chunk from one queue to the next.
///
/// Unchecked: the sender lets go of it.
private struct Handoff<Value>: @unchecked Sendable {
    let value: Value
    init(_ value: Value) { self.value = value }
}
