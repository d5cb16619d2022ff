internal import FoundationEssentials
import Glibc

/// The folder of compiled models, which all workers of a machine share.
struct CacheFolder {
    let path: String

    /// Waits until no other process writes to the folder: OpenVINO itself would read half-written models.
    ///
    /// - Throws: ``EngineError/Code/failed`` when the folder cannot be made.
    func lock() throws(EngineError) -> Lock {
        do {
            try FileManager.default.createDirectory(atPath: self.path, withIntermediateDirectories: true)
        } catch {
            throw EngineError(.failed, "The folder of compiled models \(self.path) cannot be made.")
        }
        let file = unsafe open("\(self.path)/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw self.failure }
        let lock = Lock(takingOwnershipOf: file)
        // A signal to the worker may interrupt the wait.
        while flock(file, LOCK_EX) != 0 {
            guard errno == EINTR else { throw self.failure }
        }
        return lock
    }

    private var failure: EngineError {
        EngineError(.failed, "The folder of compiled models \(self.path) cannot be locked.")
    }

    /// Held by whoever compiles; ends with its owner.
    struct Lock: ~Copyable {
        private let file: Int32

        fileprivate init(takingOwnershipOf file: Int32) { self.file = file }

        deinit { close(self.file) }

        consuming func release() {}
    }
}
