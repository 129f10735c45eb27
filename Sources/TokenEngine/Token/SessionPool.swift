internal import CPKCS11
internal import Glibc

/// Sessions that were opened and are free: a call takes one and gives it back.
///
/// So there are as many as there were calls at the same time, whatever threads they came from. A token that allows
/// only so many lets the others wait.
///
/// Unchecked: `state` is only touched while `mutex` is held.
final class SessionPool: @unchecked Sendable {
    private struct State {
        var free: [CK_SESSION_HANDLE] = []
        var openCount = 0
        var limit: Int
        /// Why there is no session any more: the login went with the last one, so a new one would be of no use.
        var loss: CallFailure?
    }

    private let open: @Sendable () throws(CallFailure) -> CK_SESSION_HANDLE
    private let close: @Sendable (CK_SESSION_HANDLE) -> Void
    private var state: State
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let hasChanged: UnsafeMutablePointer<pthread_cond_t>

    /// - Parameter limit: the most sessions at the same time; nil where there is no limit.
    init(
        limit: Int?, open: @escaping @Sendable () throws(CallFailure) -> CK_SESSION_HANDLE,
        close: @escaping @Sendable (CK_SESSION_HANDLE) -> Void
    ) {
        self.open = open
        self.close = close
        state = State(limit: max(limit ?? .max, 1))
        mutex = .allocate(capacity: 1)
        hasChanged = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(hasChanged, nil)
    }

    deinit {
        pthread_cond_destroy(hasChanged)
        pthread_mutex_destroy(mutex)
        hasChanged.deallocate()
        mutex.deallocate()
    }

    /// Calls with a session of its own; one that may be broken is not used again.
    func withSession<R>(
        _ body: (CK_SESSION_HANDLE) throws(CallFailure) -> R
    ) throws(CallFailure) -> R {
        let session = try take()
        do throws(CallFailure) {
            let result = try body(session)
            give(back: session)
            return result
        } catch {
            if error.leavesSessionUsable { give(back: session) } else { replace(session, after: error) }
            throw error
        }
    }

    private func take() throws(CallFailure) -> CK_SESSION_HANDLE {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while true {
            if let loss = state.loss { throw loss }
            if let session = state.free.popLast() { return session }
            if state.openCount < state.limit {
                do throws(CallFailure) {
                    let session = try open()
                    state.openCount += 1
                    return session
                } catch {
                    // Some tokens tell their limit only so; others may have sessions, too.
                    guard error.result == CKR_SESSION_COUNT, state.openCount > 0 else {
                        // Who waits may be the next to find it out: nobody else would wake them.
                        pthread_cond_broadcast(hasChanged)
                        throw error
                    }
                    state.limit = state.openCount
                }
            }
            pthread_cond_wait(hasChanged, mutex)
        }
    }

    private func give(back session: CK_SESSION_HANDLE) {
        pthread_mutex_lock(mutex)
        state.free.append(session)
        pthread_cond_signal(hasChanged)
        pthread_mutex_unlock(mutex)
    }

    /// Opens another one before this one is closed where it may: with the last session of a process its login would go.
    ///
    /// Nobody else looks before the token has one session less: it counts those that are broken, too.
    private func replace(_ session: CK_SESSION_HANDLE, after failure: CallFailure) {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        let fresh = try? open()
        close(session)
        if let fresh {
            state.free.append(fresh)
        } else {
            state.openCount -= 1
            if state.openCount == 0 { state.loss = failure }
        }
        pthread_cond_broadcast(hasChanged)
    }
}
